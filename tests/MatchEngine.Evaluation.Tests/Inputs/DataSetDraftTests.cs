using MatchEngine.Evaluation.Inputs;

namespace MatchEngine.Evaluation.Tests.Inputs;

public sealed class DataSetDraftTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private void Photos(params string[] names)
    {
        foreach (var name in names)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_folder.Path, name))!);
            File.WriteAllBytes(Path.Combine(_folder.Path, name), [1]);
        }
    }

    private DataSet ReadBack(DataSetDraft draft)
    {
        _folder.Write("metadata.csv", draft.Metadata());
        _folder.Write("dataset.json", draft.Description());
        return DataSetReader.Read(_folder.Path, new InputFaults(strict: true));
    }

    [Fact]
    public void A_folder_a_subject_is_seen()
    {
        Photos("ann/1.jpg", "ann/2.jpg", "bob/1.PNG", "notes.txt");
        var draft = DataSetDraft.Of(_folder.Path);
        Assert.Equal(SubjectNaming.Folder, draft.Naming);
        Assert.Equal((3, 2, 1, 1L, 2L), (draft.Photos, draft.Subjects, draft.WithSeveral, draft.Mated, draft.Impostors));
        var set = ReadBack(draft);
        Assert.Equal(["ann", "ann", "bob"], set.Column("subject"));
        Assert.Equal(Path.GetFileName(_folder.Path), set.Name);
        Assert.Empty(set.LabelSources);
    }

    [Fact]
    public void Folders_that_hold_the_same_people_are_conditions_and_the_file_name_is_the_subject()
    {
        Photos("neutral/001_03.jpg", "neutral/002_03.jpg", "neutral/003_03.jpg", "smiling/001_08.jpg", "smiling/002_08.jpg",
            "smiling/003_08.jpg");
        var draft = DataSetDraft.Of(_folder.Path);
        Assert.Equal((SubjectNaming.FileName, 3), (draft.Naming, draft.Subjects));
        var set = ReadBack(draft);
        Assert.Equal(["001", "002", "003", "001", "002", "003"], set.Column("subject"));
        Assert.Equal("smiling", set.Column("folder")[5]);
        Assert.Equal(2, DataSetDraft.Of(_folder.Path, SubjectNaming.Folder).Subjects);
    }

    [Fact]
    public void A_photo_under_two_subjects_and_a_row_that_cannot_be_read_are_named_and_left_out_and_a_row_twice_counts_once()
    {
        Photos("1.jpg", "2.jpg", "3.jpg", "4.jpg");
        _folder.Write(
            "people.csv", "file,person,sex\n1.jpg,ann,F\n2.jpg,ann,F\n2.jpg,ann,F\n3.jpg,ann,F\n3.jpg,bob,M\n"
                + "4.jpg,bob\n\"4.jpg,bob,M\n5.jpg,bob,M\n");
        var draft = DataSetDraft.Of(_folder.Path);
        Assert.Equal((2, 1, 1L), (draft.Photos, draft.Subjects, draft.Mated));
        Assert.Equal(["3.jpg"], draft.Contradicted);
        Assert.Equal((1, 2), (draft.Absent, draft.Malformed));
        Assert.Equal(["1.jpg", "2.jpg"], ReadBack(draft).Images);
    }

    [Fact]
    public void Photos_that_are_numbered_after_one_name_are_of_one_person_and_those_that_a_camera_numbered_are_not()
    {
        Photos("anna_1.jpg", "anna_2.jpg");
        Assert.Equal(["anna", "anna"], ReadBack(DataSetDraft.Of(_folder.Path)).Column("subject"));
        File.Delete(Path.Combine(_folder.Path, "anna_1.jpg"));
        File.Delete(Path.Combine(_folder.Path, "anna_2.jpg"));
        Photos("IMG_0001.jpg", "IMG_0002.jpg");
        Assert.Equal(2, DataSetDraft.Of(_folder.Path).Subjects);
    }

    [Fact]
    public void Numbered_names_in_one_folder_are_the_photos_of_a_subject()
    {
        Photos("Aaron_Peirsol_0001.jpg", "Aaron_Peirsol_0002.jpg", "Zoe Ball 1.jpg", "Zoe Ball 2.jpg", "Ann, B.jpg");
        Assert.Equal(
            ["Aaron_Peirsol", "Aaron_Peirsol", "Ann, B", "Zoe Ball", "Zoe Ball"], ReadBack(DataSetDraft.Of(_folder.Path)).Column(
                "subject"));
    }

    [Theory]
    [InlineData("file,identity,sex\na.jpg,ann,F\nb.jpg,bob,M\nc.jpg,ann,F\nd.jpg,eve,F\n")]
    [InlineData("Path;Subject;sex\r\nx/a;ann;F\r\nx/b.jpg;bob;M\r\nc;ann;F\r\n;;\r\n")]
    public void A_table_beside_the_photos_has_the_last_word(string table)
    {
        Photos("x/a.jpg", "x/b.jpg", "y/c.jpg");
        _folder.Write("list.csv", table.Replace("x/a;", "a;", StringComparison.Ordinal));
        var draft = DataSetDraft.Of(_folder.Path);
        Assert.Equal((SubjectNaming.Table, "list.csv", 1), (draft.Naming, draft.Table, draft.Absent));
        var set = ReadBack(draft);
        Assert.Equal(["x/a.jpg", "x/b.jpg", "y/c.jpg"], set.Images);
        Assert.Equal(["F", "M", "F"], set.Column("sex"));
        Assert.Contains("// \"sex\": \"recorded\"", draft.Description(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_photos_or_without_the_table_that_is_asked_for_is_refused_with_the_remedy()
    {
        Assert.Contains("no photo", Assert.Throws<EvaluationException>(() => DataSetDraft.Of(_folder.Path)).Message,
            StringComparison.Ordinal);
        Photos("a.jpg");
        Assert.Contains("column image", Assert.Throws<EvaluationException>(
            () => DataSetDraft.Of(_folder.Path, SubjectNaming.Table)).Message, StringComparison.Ordinal);
        Assert.Throws<EvaluationException>(() => DataSetDraft.Of(Path.Combine(_folder.Path, "none")));
    }
}
