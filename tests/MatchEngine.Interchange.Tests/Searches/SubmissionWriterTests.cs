using MatchEngine.Interchange.Records;
using MatchEngine.Interchange.Searches;
using MatchEngine.Interchange.Validation;

namespace MatchEngine.Interchange.Tests.Searches;

public sealed class SubmissionWriterTests
{
    [Fact]
    public void A_submission_is_clean_and_reads_back()
    {
        var face = Samples.Face(Samples.JpegHeader(480, 600)) with
        {
            Compression = "JPEGB", ColorSpace = "SRGB", Width = 480, Height = 600, AcquisitionProfile = 40, Pose = "F",
            FacialDescription = ["NEUTRAL", "BEARD"], EyeColor = "BLU", HairColor = "BRO",
            Comment = "Zürich",
        };
        var file = SubmissionWriter.Write(Samples.Header(), face, [new(59, "I"), new(64, "case 12")]);
        var transaction = Transaction.Read(file);
        Assert.Empty(TransactionValidator.Validate(transaction));
        Assert.Equal("FRS", transaction.Header.TransactionType);
        Assert.Equal(("I", "case 12"), (transaction.DescriptiveText.Single().Text(59), transaction.DescriptiveText.Single().Text(64)));
        var search = SearchSubmission.From(transaction);
        Assert.Equal(
            ("F", "Zürich", 40, new DateOnly(2026, 2, 28)),
            (search.Face.Pose, search.Face.Comment, search.Face.AcquisitionProfile, search.Face.PhotoDate));
        Assert.Equal(face.Image.ToArray(), search.Image.Data.ToArray());
    }

    [Fact]
    public void A_raw_image_is_clean_too() =>
        Assert.Empty(TransactionValidator.Validate(Transaction.Read(SubmissionWriter.Write(Samples.Header(), Samples.Face()))));

    [Fact]
    public void What_no_face_record_can_hold_is_refused()
    {
        void Refused(FaceRecordContent face) => Assert.ThrowsAny<ArgumentException>(() => SubmissionWriter.Write(Samples.Header(), face));
        Refused(Samples.Face() with { Image = default });
        Refused(Samples.Face() with { Width = 9 });
        Refused(Samples.Face() with { Height = 100_000 });
        Refused(Samples.Face() with { Compression = "WSQ20" });
        Refused(Samples.Face() with { ColorSpace = "CMYK" });
        Assert.ThrowsAny<ArgumentException>(() => SubmissionWriter.Write(Samples.Header().Add(new RecordBuilder(2, 0)), Samples.Face()));
    }
}
