using System.Diagnostics;
using System.Text;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Tests;

namespace MatchEngine.Galleries.Tests.Enrolment;

public class MetadataSourceTests
{
    [Fact]
    public void Columns_become_image_subject_source_and_metadata()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write(
            "sub/metadata.csv",
            "\uFEFFimage,Subject,sex,source_url,name,age\r\nimg/1.jpg,S1,F,https://example.org/1,\"Doe, "
                + "Jane \"\"JD\"\"\",\r\n\r\n../2.jpg, S2 ,,,李,30\r\n");

        var items = Items(new MetadataSource(file));

        Assert.Equal([folder.Sub("sub", "img", "1.jpg"), folder.Sub("2.jpg")], items.Select(item => item.Image));
        Assert.Equal(["S1", "S2"], items.Select(item => item.Subject));
        Assert.Equal(["S1/img/1", "S2/../2"], items.Select(item => item.GroupName));
        Assert.Equal(["https://example.org/1", null], items.Select(item => item.SourceUrl));
        Assert.Equal([new("sex", "F"), new("name", "Doe, Jane \"JD\"")], items[0].Metadata);
        Assert.Equal([new("name", "李"), new("age", "30")], items[1].Metadata);
    }

    [Theory]
    [InlineData("b.jpg,S2", "fields")]
    [InlineData("b.jpg,S2,F,extra", "fields")]
    [InlineData(",S2,F", "no image")]
    [InlineData("b.jpg,,F", "subject id is empty")]
    [InlineData("b.jpg,\"S2,F", "quote")]
    [InlineData("b.jpg,S\"2,F", "quote")]
    [InlineData("b.jpg,\"S\"2,F", "quote")]
    [InlineData("b.jpg,\"S\n2\",F", "subject id")]
    public void A_bad_row_is_named_by_file_and_line_and_the_rest_is_read(string bad, string problem)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("metadata.csv", $"image,subject,sex\na.jpg,S1,F\n{bad}\nc.jpg,S3,\"F\"\n");

        var entries = new MetadataSource(file).Read().ToList();

        Assert.Equal(["S1", "S3"], entries.OfType<EnrolmentItem>().Select(item => item.Subject));
        var failure = entries.OfType<RejectedEntry>().First().Failure;
        Assert.Equal((file, 3L, "bad_row"), (failure.File, failure.Line, failure.Reason));
        Assert.Contains($"{file}, line 3: ", failure.Detail, StringComparison.Ordinal);
        Assert.Contains(problem, failure.Detail, StringComparison.Ordinal);
        // The bad one stands between the two good ones, where the file has it.
        Assert.IsType<RejectedEntry>(entries[1]);
    }

    [Fact]
    public void A_day_of_capture_lies_in_the_future_by_the_clock_of_the_source()
    {
        using var folder = new TemporaryFolder();
        var day = DateTimeOffset.UtcNow.AddMonths(6);
        var file = folder.Write("metadata.csv", $"image,subject,captured_on\na.jpg,S1,{day:yyyy-MM-dd}\n");

        Assert.IsType<RejectedEntry>(Assert.Single(new MetadataSource(file).Read()));
        Assert.IsType<EnrolmentItem>(Assert.Single(new MetadataSource(file) { Clock = new At(day.AddDays(1)) }.Read()));
    }

    [Fact]
    public void Bytes_that_are_not_UTF_8_cost_their_own_row_only()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write(
            "metadata.csv", [.. "image,subject\na.jpg,S1\n"u8, .. Encoding.Latin1.GetBytes("b.jpg,Zoë\n"), .. "c.jpg,Zoë\n"u8]);

        var entries = new MetadataSource(file).Read().ToList();

        Assert.Equal(["S1", "Zoë"], entries.OfType<EnrolmentItem>().Select(item => item.Subject));
        var failure = Assert.Single(entries.OfType<RejectedEntry>()).Failure;
        Assert.Equal(3, failure.Line);
        Assert.Contains("UTF-8", failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_million_rows_with_one_bad_line_give_all_the_others()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Sub("metadata.csv");
        const int Rows = 1_000_000, Bad = 654_321;
        using (var writer = new StreamWriter(file))
        {
            writer.WriteLine("image,subject,sex");
            for (var row = 2; row <= Rows + 1; row++)
                writer.WriteLine(row == Bad ? "x.jpg,\"S,F" : $"{row}.jpg,S{row},F");
        }

        long items = 0;
        RejectedEntry? rejected = null;
        foreach (var entry in new MetadataSource(file).Read())
        {
            if (entry is RejectedEntry bad)
                rejected = rejected is null ? bad : throw new UnreachableException("one row is bad");
            else
                items++;
        }

        Assert.Equal(Rows - 1, items);
        Assert.Equal(Bad, rejected!.Failure.Line);
    }

    [Theory]
    [InlineData("photo,subject\n", "no column 'image'; the columns are: photo, subject")]
    [InlineData("image,person\n", "no column 'subject'")]
    [InlineData("image;person\n", "no column 'subject'; the columns are: image, person")]
    [InlineData("image,subject,Sex,sex\n", "two columns named 'sex'")]
    [InlineData("", "is empty")]
    [InlineData("image,\"subject\na.jpg,S1\n", "line 1")]
    public void A_file_that_cannot_be_used_as_a_whole_is_an_error_with_its_name(string content, string problem)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("metadata.csv", content);

        var error = Assert.Throws<MetadataException>(() => new MetadataSource(file).Read().ToList());

        Assert.StartsWith(file, error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_an_error_with_its_name()
    {
        using var folder = new TemporaryFolder();

        Assert.Equal(
            folder.Sub("none.csv"),
            Assert.Throws<MetadataException>(() => new MetadataSource(folder.Sub("none.csv")).Read().ToList()).File);
    }

    [Fact]
    public void Only_rows_with_the_values_asked_for_are_taken()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("metadata.csv", "image,subject,sex,age\n1.jpg,S1,F,20\n2.jpg,S2,M,20\n3.jpg,S3,F,30\n");

        Assert.Equal(
            ["S1", "S3"],
            Items(new MetadataSource(file) { Where = new Dictionary<string, string> { ["SEX"] = "F" } }).Select(item => item.Subject));
        Assert.Equal(["S1"], Items(new MetadataSource(file) { Where = new Dictionary<string, string> { ["sex"] = "F", ["age"] = "20" } })
            .Select(item => item.Subject));
        Assert.Throws<MetadataException>(
            () => new MetadataSource(file) { Where = new Dictionary<string, string> { ["race"] = "w" } }.Read().ToList());
    }

    [Fact]
    public void Only_images_within_the_paths_asked_for_are_taken()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("metadata.csv", "image,subject\na/1.jpg,S1\nab/1.jpg,S2\nb/1.jpg,S3\n");

        Assert.Equal(
            ["S1", "S3"],
            Items(new MetadataSource(file) { Within = [folder.Sub("a") + Path.DirectorySeparatorChar, folder.Sub("b", "1.jpg")] })
                .Select(item => item.Subject));
    }

    [Fact]
    public void Subjects_can_be_named_by_file_or_folder_without_a_subject_column()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("metadata.csv", "image,sex\nanna/1.jpg,F\n");

        var byFile = Assert.Single(Items(new MetadataSource(file) { SubjectFrom = SubjectFrom.File }));
        var byFolder = Assert.Single(Items(new MetadataSource(file) { SubjectFrom = SubjectFrom.Folder }));

        Assert.Equal(("anna/1", "anna"), (byFile.Subject, byFolder.Subject));
    }

    [Fact]
    public void The_metadata_of_a_real_data_set_is_read_without_a_rejection()
    {
        var file = TestData.Require("lfw-a/metadata.csv");

        var entries = new MetadataSource(file).Read().ToList();

        Assert.Equal(File.ReadLines(file).Count() - 1, entries.Count);
        Assert.Equal(6_144, Items(new MetadataSource(file)).Count);
        Assert.Equal(2_813, entries.Cast<EnrolmentItem>().Select(item => item.Subject).Distinct().Count());
        Assert.All(entries.Cast<EnrolmentItem>().Take(100), item => Assert.True(File.Exists(item.Image)));
    }

    private static List<EnrolmentItem> Items(MetadataSource source) => [.. source.Read().Cast<EnrolmentItem>()];

    private sealed class At(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
