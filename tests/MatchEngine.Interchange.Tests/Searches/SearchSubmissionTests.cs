using MatchEngine.Interchange.Records;
using MatchEngine.Interchange.Searches;

namespace MatchEngine.Interchange.Tests.Searches;

public sealed class SearchSubmissionTests
{
    [Theory]
    [InlineData(Samples.Sap10, 1, 349_902), InlineData(Samples.Mixed, 2, 349_902), InlineData(Samples.Node, 1, 3868)]
    public void The_only_face_of_a_file_is_the_probe(string file, int idc, int length)
    {
        var search = SearchSubmission.From(Samples.Read(file));
        Assert.Equal((idc, length), (search.Face.Idc, search.Image.Data.Length));
        Assert.False(search.Image.IsRaw);
        Assert.Equal(idc, SearchSubmission.From(Samples.Read(file), idc).Face.Idc);
    }

    [Fact]
    public void Tattoos_and_marks_are_refused_by_name()
    {
        var error = Assert.Throws<InterchangeException>(() => SearchSubmission.From(Samples.Read(Samples.Tattoo)));
        Assert.Equal(InterchangeFault.NotAFace, error.Fault);
        Assert.Contains("TATTOO, MARK", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_images_is_refused() =>
        Assert.Equal(
            InterchangeFault.NoImageRecord,
            Assert.Throws<InterchangeException>(() => SearchSubmission.From(Samples.Read(Samples.Minutiae))).Fault);

    [Fact]
    public void Several_faces_need_an_idc()
    {
        byte[] File(params int[] idcs)
        {
            var builder = Samples.Header();
            foreach (var idc in idcs)
                builder.Add(Samples.Face([.. Enumerable.Repeat((byte)idc, 160)]).ToRecord(idc));
            return builder.ToBytes();
        }
        var two = Transaction.Read(File(4, 9));
        var error = Assert.Throws<InterchangeException>(() => SearchSubmission.From(two));
        Assert.Equal(InterchangeFault.SeveralFaces, error.Fault);
        Assert.Contains("4, 9", error.Message, StringComparison.Ordinal);
        Assert.Equal(9, SearchSubmission.From(two, 9).Image.Data.Span[0]);
        Assert.Equal(InterchangeFault.NoSuchRecord, Assert.Throws<InterchangeException>(() => SearchSubmission.From(two, 5)).Fault);
        Assert.Equal(
            InterchangeFault.NoSuchRecord,
            Assert.Throws<InterchangeException>(() => SearchSubmission.From(Transaction.Read(File(4, 4)), 4)).Fault);
    }

    [Fact]
    public void A_face_beside_a_tattoo_is_searched()
    {
        var tattoo = Samples.Read(Samples.Tattoo).Images.First();
        var file = Samples.Header().Add(RecordBuilder.From(tattoo)).Add(Samples.Face().ToRecord(7)).ToBytes();
        Assert.Equal(7, SearchSubmission.From(Transaction.Read(file)).Face.Idc);
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public void A_face_without_its_image_is_refused(bool external)
    {
        var record = new RecordBuilder(10, 1).Add(3, "FACE");
        if (external)
            record.Add(994, "file:///photo.jpg");
        var error = Assert.Throws<InterchangeException>(
            () => SearchSubmission.From(Transaction.Read(Samples.Header().Add(record).ToBytes())));
        Assert.Equal(InterchangeFault.NoImage, error.Fault);
        Assert.Equal(external, error.Message.Contains("external", StringComparison.Ordinal));
    }
}
