using System.Text;

namespace MatchEngine.Cli.Output;

/// <summary>
/// Tells the progress of long work as JSON, an object a line: <c>{"work", "step", "share"}</c>. A line for each step, and within it for
/// each hundredth.
/// </summary>
/// <param name="writer">Where the lines go.</param>
/// <param name="work">What is being done.</param>
internal sealed class ProgressLines(TextWriter writer, string work)
{
    private readonly Lock _gate = new();
    private string? _step;
    private int _hundredths;

    /// <summary>Tells a share of a step, from any thread.</summary>
    /// <param name="step">The step; empty for work of one.</param>
    /// <param name="share">0 … 1.</param>
    public void Report(string step, double share)
    {
        lock (_gate)
        {
            var hundredths = (int)(100 * Math.Clamp(share, 0, 1));
            if (step == _step && hundredths == _hundredths)
                return;
            (_step, _hundredths) = (step, hundredths);
            writer.WriteLine(Encoding.UTF8.GetString(JsonOutput.Line(new { Work = work, Step = step, Share = hundredths / 100.0 })));
        }
    }
}
