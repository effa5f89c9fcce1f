using MatchEngine.Cli.Output;

namespace MatchEngine.Cli.Tests.Output;

public sealed class PlainTextTests : IDisposable
{
    private const string Orders = "\u001b[2J\u001b]0;owned\a\u009b31m\u202Egpj.x\r\b\u007f";

    private readonly Matchengine _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void What_controls_a_terminal_is_written_out_and_all_else_stays()
    {
        Assert.Equal("\\u001B[2J\\u009B\\u202E\\u0007", PlainText.Of("\u001b[2J\u009b\u202E\a"));
        Assert.Equal("Zoë Ångström\tЗоя\n李明 🙂", PlainText.Of("Zoë Ångström\tЗоя\n李明 🙂"));
        Assert.DoesNotContain(PlainText.Of(Orders), c => char.IsControl(c) || c == '\u202E');
    }

    [Fact]
    public void Names_of_files_and_galleries_give_a_terminal_no_orders_in_answers_errors_and_JSON()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no file of Windows has such a name");
        var name = "a\u001b[2J\u009b31mb.jpg";
        File.Copy(Matchengine.Sample(1), _cli.File(name));
        File.WriteAllText(_cli.File("broken\u001b[8m.jpg"), "no image");
        foreach (var run in (string[][])
            [["detect", name], ["detect", name, "--json"], ["detect", "broken\u001b[8m.jpg"], ["gallery", "info", "g\u001b[2J"],
                ["compare", name, "absent\u001b]0;x\a"], ["search", name, "--gallery", "\u009b31m"]])
        {
            var outcome = _cli.Run(run);
            var text = outcome.Output + outcome.Error;
            Assert.NotEqual("", text);
            Assert.DoesNotContain(text, c => char.IsControl(c) && c is not ('\n' or '\r' or '\t'));
        }
    }
}
