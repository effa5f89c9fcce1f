using MatchEngine.Evaluation.Inputs;

namespace MatchEngine.Evaluation.Tests.Inputs;

public class DataSetTests
{
    [Fact]
    public void Subjects_are_numbered_by_name_whatever_the_order_of_the_photos()
    {
        var first = new DataSet("s", ["1", "2", "3"], ["b", "a", "b"]);
        var second = new DataSet("s", ["3", "2", "1"], ["b", "a", "b"]);
        Assert.Equal(["a", "b"], first.Subjects);
        Assert.Equal(first.Subjects, second.Subjects);
        Assert.Equal(first.SubjectOf[0], second.SubjectOf[2]);
        Assert.Equal(["b", "a", "b"], first.Column("subject"));
    }

    [Fact]
    public void Columns_that_do_not_fit_and_photos_that_stand_twice_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new DataSet("s", ["1", "1"], ["a", "b"]));
        Assert.Throws<ArgumentException>(() => new DataSet("s", ["1"], ["a", "b"]));
        Assert.Throws<ArgumentException>(() => new DataSet("s", ["1"], ["a"], new Dictionary<string, string[]> { ["sex"] = ["F", "M"] }));
        Assert.Contains(
            "its columns are",
            Assert.Throws<EvaluationException>(() => new DataSet("s", ["1"], ["a"]).Column("age")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Corrected_subjects_keep_labels_and_provenance()
    {
        var set = new DataSet(
            "s", ["1", "2"], ["a", "b"], new Dictionary<string, string[]> { ["sex"] = ["F", "M"] },
            new Dictionary<string, string> { ["sex"] = "annotated" }) { Digest = "d" };
        var corrected = set.WithSubjects((photo, subject) => photo == 0 ? null : subject + "!");
        Assert.Equal(["2"], corrected.Images);
        Assert.Equal(["b!"], corrected.Subjects);
        Assert.Equal(["M"], corrected.Column("sex"));
        Assert.Equal(("annotated", "d"), (corrected.LabelSources["sex"], corrected.Digest));
    }
}
