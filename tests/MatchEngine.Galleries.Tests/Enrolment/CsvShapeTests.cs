using System.Text;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Galleries.Tests.Fakes;

namespace MatchEngine.Galleries.Tests.Enrolment;

public sealed class CsvShapeTests
{
    [Theory]
    [InlineData("image,subject\n", ','), InlineData("image;subject\r\n", ';'), InlineData("image\tsubject\n", '\t')]
    [InlineData("image;\"a,b,c\";d\n1,2,3,4\n", ';'), InlineData("image\n", ','), InlineData("", ','), InlineData("\uFEFFa;b,c;d\n", ';')]
    public void The_separator_is_the_one_that_the_first_line_has_most_of(string text, char separator) =>
        Assert.Equal(separator, Of(text).Separator);

    [Theory]
    [InlineData("a,b\n1,\"x\ny\"\n", true), InlineData("a,b\n1,\"x\ny\"", true), InlineData("a,b\r\n1,\"x\r\n\"\"y\"\"\"\r\n", true)]
    [InlineData("a,b\n1,2\n", false), InlineData("a,b\n1,\"2\"\n", false), InlineData("a,b\n1,\"2\n3,4\n", false)]
    [InlineData("a,b\n1,\"x\ny\"z\n", false), InlineData("a,b\n1,x\"\ny\"\n", false), InlineData("a,b\n\"x\ny\",2\n3,\"4\n", false)]
    public void Line_breaks_count_where_every_quote_is_closed(string text, bool breaks) => Assert.Equal(breaks, Of(text).HasLineBreaks);

    [Fact]
    public void A_quote_that_swallows_more_than_a_page_is_no_row()
    {
        var note = string.Concat(Enumerable.Repeat("a line\n", 90));
        Assert.True(Of($"a,b\n1,\"{note}\"\n").HasLineBreaks);
        Assert.False(Of($"a,b\n1,\"{note}{note}\"\n").HasLineBreaks);
        Assert.False(Of($"a,b\n1,\"{new string('x', 70_000)}\n\"\n").HasLineBreaks);
    }

    [Fact]
    public void A_break_anywhere_in_a_large_file_is_found_however_the_reads_fall()
    {
        var rows = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i}.jpg,S{i},\"note {i}\"\n"));
        Assert.False(Of("image,subject,note\n" + rows).HasLineBreaks);
        Assert.True(Of("image,subject,note\n" + rows + "x.jpg,S,\"one\ntwo\"\n" + rows).HasLineBreaks);
    }

    [Fact]
    public void Rows_over_several_lines_are_counted_by_the_lines_they_begin_on()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("m.csv", "image;subject;note\na.jpg;S1;\"one\ntwo\"\nb.jpg;;x\nc.jpg;S3;\"\"\"quoted\"\"\"\n");
        var entries = new MetadataSource(file).Read().ToList();
        Assert.Equal(["one\ntwo", "\"quoted\""], entries.OfType<EnrolmentItem>().Select(item => item.Metadata["note"]));
        Assert.Equal(4, Assert.Single(entries.OfType<RejectedEntry>()).Failure.Line);
    }

    private static CsvShape Of(string text) => CsvShape.Of(new MemoryStream(Encoding.UTF8.GetBytes(text)));
}
