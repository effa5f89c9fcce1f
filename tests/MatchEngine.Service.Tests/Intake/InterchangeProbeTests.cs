using System.Net.Http.Json;
using MatchEngine.Faces;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Interchange;
using MatchEngine.Interchange.Images;
using MatchEngine.Interchange.Searches;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Intake;

public class InterchangeProbeTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task The_face_of_an_ansi_nist_file_is_the_probe()
    {
        using var admin = service.Admin();
        var file = Write(1);
        Assert.Equal(1, (await admin.PostAsync("/v1/quality", Requests.Form(null, ("image", file, "probe.an2"))).Json()).GetProperty("face")
            .GetProperty("facesFound").GetInt32());
        await admin.PostAsJsonAsync("/v1/quality", new { image = Convert.ToBase64String(file) }).Json();
        Assert.True(service.Buffers.AllClear());
    }

    [Fact]
    public async Task Several_faces_are_refused_with_the_reason()
    {
        using var admin = service.Admin();
        Assert.Equal(
            InterchangeFault.SeveralFaces.ToCode(),
            await admin.PostAsync("/v1/quality", Requests.Form(null, ("image", Write(2), "probe.an2"))).Code(422));
        Assert.True(service.Buffers.AllClear());
    }

    private static byte[] Write(int faces)
    {
        var file = new TransactionBuilder
        {
            TransactionType = SubmissionWriter.FaceSearch,
            Time = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
            DestinationAgency = "DEST",
            OriginatingAgency = "ORIG",
            ControlNumber = "T1",
        };
        for (var i = 1; i <= faces; i++)
            file.Add(new FaceRecordContent
            {
                Image = FakeImage.Of(new FakeFace(i)),
                Width = 640,
                Height = 480,
                Compression = CompressionAlgorithms.JpegBaseline,
                ColorSpace = ColorSpaces.Srgb,
                SourceAgency = "ORIG",
                PhotoDate = new DateOnly(2026, 1, 1),
            }.ToRecord(i));
        return file.ToBytes();
    }
}
