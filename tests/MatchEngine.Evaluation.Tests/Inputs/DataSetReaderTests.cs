using MatchEngine.Evaluation.Demographics;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Tests;

namespace MatchEngine.Evaluation.Tests.Inputs;

public sealed class DataSetReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly InputFaults _faults = new(strict: false);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_is_read_with_its_columns_and_the_source_of_each_label()
    {
        _folder.Write("metadata.csv", "image,subject,sex,age\nx/1.jpg,ann,F,31\n\"x/2,b.jpg\",bob,M,\n");
        _folder.Write(
            "dataset.json",
            """{"name":"two","citation":"c","terms":"t","labels":{"sex":"self-reported","age":"machine-estimated (some tool)"}}""");
        var set = DataSetReader.Read(_folder.Path, _faults);
        Assert.Equal("two", set.Name);
        Assert.Equal(["x/1.jpg", "x/2,b.jpg"], set.Images);
        Assert.Equal(["ann", "bob"], set.Subjects);
        Assert.Equal(["31", ""], set.Column("age"));
        Assert.Equal("self-reported", set.LabelSources["sex"]);
        Assert.Equal(1, set.IndexOf("x/2,b.jpg"));
        Assert.Equal(-1, set.IndexOf("y"));
        Assert.Matches("^[0-9a-f]{64}$", set.Digest);
    }

    [Fact]
    public void A_label_without_a_source_is_refused_where_rates_are_wanted_by_it_and_nowhere_else()
    {
        _folder.Write("metadata.csv", "image,subject,race,note\n1,ann,x,n\n");
        _folder.Write("dataset.json", """{"name":"two","labels":{}}""");
        var set = DataSetReader.Read(_folder.Path, _faults);
        Assert.Equal(["n"], set.Column("note"));
        var error = Assert.Throws<EvaluationException>(() => Slicing.Of(set, ["race"], new Protocol { Name = "p" }));
        Assert.Contains("\"race\": \"self-reported|", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Semicolons_a_byte_order_mark_and_Windows_line_ends_are_read()
    {
        var set = DataSetReader.ReadFiles(TestData.Require("cases/csv-semicolon-bom-crlf.csv"), null, _faults);
        Assert.Equal(["photos/p5.jpg", "photos/p6.jpg"], set.Images);
        Assert.Equal(["Müller", "Öz"], set.Column("subject"));
        Assert.Equal(["x", "y"], set.Column("note"));
        Assert.Equal(0, _faults.Total);
    }

    [Fact]
    public void Of_two_rows_that_say_different_things_of_one_photo_neither_is_believed_whichever_stands_first()
    {
        foreach (var rows in new[] { "1,ann\n2,bob\n1,eve\n", "1,eve\n2,bob\n1,ann\n" })
        {
            var faults = new InputFaults(strict: false);
            var set = DataSetReader.ReadFiles(_folder.Write("metadata.csv", "image,subject\n" + rows), null, faults);
            Assert.Equal(["2"], set.Images);
            Assert.Equal([4L, 2L], faults.First.Select(f => f.Line));
            Assert.All(faults.First, fault => Assert.Equal("contradicting rows", fault.Kind));
        }
    }

    [Fact]
    public void A_source_that_says_nothing_of_how_the_label_came_about_is_refused()
    {
        _folder.Write("metadata.csv", "image,subject,race\n1,ann,x\n");
        _folder.Write("dataset.json", """{"name":"two","labels":{"race":"from a file"}}""");
        Assert.Contains(
            "begin it with one of",
            Assert.Throws<EvaluationException>(() => DataSetReader.Read(_folder.Path, _faults)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Duplicate_and_short_rows_are_faults_of_their_line()
    {
        var file = _folder.Write("metadata.csv", "image,subject,sex\n1,ann,F\n1,ann,F\n2,bob\n3,,M\n4,dan,M\n");
        var set = DataSetReader.ReadFiles(file, null, _faults);
        Assert.Equal(["1", "4"], set.Images);
        Assert.Equal([(3L, "duplicate row"), (4, "malformed line"), (5, "malformed line")], _faults.First.Select(f => (f.Line, f.Kind)));
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var error = Assert.Throws<EvaluationException>(() => DataSetReader.Read(_folder.Path, _faults));
        Assert.Contains("metadata.csv", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Both_shared_data_sets_are_read_without_a_fault()
    {
        var lfw = DataSetReader.Read(TestData.Require("lfw-a"), _faults);
        Assert.Equal(6144, lfw.Images.Count);
        Assert.Equal(2813, lfw.Subjects.Count);
        Assert.StartsWith("machine-estimated", lfw.LabelSources["race"], StringComparison.Ordinal);
        var london = DataSetReader.Read(TestData.Require("london-faces"), _faults);
        Assert.Equal("self-reported", london.LabelSources["sex"]);
        Assert.Equal(102, london.Subjects.Count);
        Assert.Equal(0, _faults.Total);
    }
}
