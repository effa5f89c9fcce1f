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

    [Fact]
    public async Task One_of_several_faces_is_named_by_the_requests_idc()
    {
        using var admin = service.Admin();
        using (var refused = await admin.PostAsync("/v1/quality", Requests.Form(null, ("image", Write(2), "probe.an2"))))
        {
            var told = await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.Equal(422, (int)refused.StatusCode);
            Assert.Contains("1, 2", told, StringComparison.Ordinal);
            Assert.Contains("'idc'", told, StringComparison.Ordinal);
        }
        foreach (var idc in (int[])[1, 2])
        {
            await admin.PostAsync("/v1/quality", Requests.Form(new { idc }, ("image", Write(2), "probe.an2"))).Json();
            await admin.PostAsJsonAsync("/v1/quality", new { image = Convert.ToBase64String(Write(2)), idc }).Json();
        }
        Assert.Equal(
            InterchangeFault.NoSuchRecord.ToCode(),
            await admin.PostAsync("/v1/quality", Requests.Form(new { idc = 3 }, ("image", Write(2), "probe.an2"))).Code(422));
        Assert.True(service.Buffers.AllClear());
    }

    [Fact]
    public async Task The_case_with_two_face_records_lists_its_idcs_and_the_member()
    {
        var file = File.ReadAllBytes(MatchEngine.Tests.TestData.Require("cases/an2-two-face-records.an2"));
        using var admin = service.Admin();
        using var refused = await admin.PostAsync("/v1/searches", Requests.Form(new { }, ("image", file, "probe.an2")));
        var told = await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(422, (int)refused.StatusCode);
        Assert.Contains("1, 2", told, StringComparison.Ordinal);
        Assert.Contains("'idc'", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_of_iso_19794_without_an_image_is_refused_with_the_reason()
    {
        using var admin = service.Admin();
        Assert.Equal(
            InterchangeFault.NoImage.ToCode(),
            await admin.PostAsync("/v1/quality", Requests.Form(null, ("image", "FAC\0010\0nothing"u8.ToArray(), "probe.bin"))).Code(422));
        Assert.True(service.Buffers.AllClear());
    }

    [Fact]
    public async Task Json_behind_a_byte_order_mark_is_taken_and_a_packed_body_is_told_to_come_unpacked()
    {
        using var admin = service.Admin();
        var json = System.Text.Encoding.UTF8.GetBytes($$"""{"image":"{{Convert.ToBase64String(Write(1))}}"}""");
        await admin.PostAsync("/v1/quality", Body([0xEF, 0xBB, 0xBF, .. json], null)).Json();
        using var packed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionMode.Compress))
            gzip.Write(json);
        using var refused = await admin.PostAsync("/v1/quality", Body(packed.ToArray(), "gzip"));
        Assert.Equal(415, (int)refused.StatusCode);
        Assert.Contains(
            "Content-Encoding", await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await admin.PostAsync("/v1/quality", Body(json, "identity")).Json();
        Assert.True(service.Buffers.AllClear());
    }

    private static ByteArrayContent Body(byte[] bytes, string? coding)
    {
        var body = new ByteArrayContent(bytes);
        body.Headers.ContentType = new("application/json");
        if (coding is not null)
            body.Headers.ContentEncoding.Add(coding);
        return body;
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
