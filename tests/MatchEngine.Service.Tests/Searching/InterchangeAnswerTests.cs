using System.Net.Http.Headers;
using System.Text.Json;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Interchange;
using MatchEngine.Interchange.Images;
using MatchEngine.Interchange.Searches;
using MatchEngine.Interchange.Validation;
using MatchEngine.Service.Rest;
using MatchEngine.Service.Tests.Fakes;

using AnsiNistList = MatchEngine.Interchange.Searches.CandidateResponse;

namespace MatchEngine.Service.Tests.Searching;

public class InterchangeAnswerTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task A_list_comes_as_a_file_to_who_asks_for_one()
    {
        using var admin = service.Admin();
        await admin.CreateGalleryAsync("file");
        for (var person = 1; person <= 3; person++)
            await admin.EnrolAsync("file", $"P{person}", FakeImage.Picture("", new FakeFace(person)));
        var probe = new TransactionBuilder
        {
            TransactionType = SubmissionWriter.FaceSearch,
            Time = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
            DestinationAgency = "MATCHENGINE",
            OriginatingAgency = "XX1234567",
            ControlNumber = "TCN-42",
        }.Add(new FaceRecordContent
        {
            Image = FakeImage.Of(new FakeFace(2, Variation: 7)),
            Width = 640,
            Height = 480,
            Compression = CompressionAlgorithms.JpegBaseline,
            ColorSpace = ColorSpaces.Srgb,
            SourceAgency = "XX1234567",
            PhotoDate = new DateOnly(2026, 1, 1),
        }.ToRecord(1)).ToBytes();

        var json = await Send(admin, probe, "application/json").Json();
        using var response = await Send(admin, probe, SearchesResource.InterchangeType);
        Assert.Equal(SearchesResource.InterchangeType, response.Content.Headers.ContentType!.MediaType);
        var transaction = Transaction.Read(await response.Content.ReadAsByteArrayAsync());
        var list = AnsiNistList.Read(transaction);

        Assert.Empty(TransactionValidator.Validate(transaction));
        Assert.Equal("TCN-42", transaction.Header.ControlReference);
        Assert.Equal("XX1234567", transaction.Header.DestinationAgency);
        Assert.Equal(response.Headers.GetValues("x-search-id").Single(), list.SearchId);
        Assert.Contains("deleted", response.Headers.GetValues("x-probe-receipt").Single(), StringComparison.Ordinal);
        Assert.Contains("not a positive identification", list.Disclaimer, StringComparison.Ordinal);
        Assert.Equal(3, list.GallerySize);
        Assert.Equal(
            (3L, "the 3 subjects of gallery 'file'", "no-floor"),
            (list.StrangersExpected!.Comparisons, list.StrangersExpected.Population, list.StrangersExpected.Reason));
        Assert.Equal("no-floor", json.GetProperty("strangersExpected").GetProperty("reason").GetString());
        Assert.All(list.Candidates, candidate => Assert.Equal("too-few-comparisons", candidate.StrangersExpected!.Reason));
        var expected = json.GetProperty("candidates").EnumerateArray().ToList();
        Assert.Equal(
            expected.Select(candidate => (candidate.GetProperty("rank").GetInt32(), candidate.GetProperty("subjectId").GetString()!,
                candidate.GetProperty("score").GetDouble())),
            list.Candidates.Select(candidate => (candidate.Rank, candidate.SubjectId, candidate.Score)));
        Assert.Equal("P2", list.Candidates[0].SubjectId);
        // Rates with whom they were measured on, as in JSON.
        Assert.Equal(
            json.GetProperty("populations").EnumerateArray()
                .Select(one => (one.GetProperty("id").GetString(), one.GetProperty("description").GetString())),
            list.Populations.Select(one => ((string?)one.Id, (string?)one.Description)));
        Assert.All(list.Candidates.Zip(expected), pair => Assert.Equal(
            ((string[])["randomPairs", "worstGroup"]).Select(which => pair.Second.GetProperty("fmr").GetProperty(which)).Select(
                rate => (rate.GetProperty("population").GetString(), Number(rate, "value"), Number(rate, "below"))),
            pair.First.Rates.Select(rate => ((string?)rate.Population, rate.Fmr, rate.Below))));
        foreach (var (candidate, place) in list.Candidates.Select((candidate, place) => (candidate, place)))
        {
            var crop = await admin.GetByteArrayAsync(expected[place].GetProperty("crop").GetString());
            Assert.True(transaction.Images.Single(image => image.Idc == candidate.CropIdc).Data.Span.SequenceEqual(crop));
        }
        Assert.True(service.Buffers.AllClear());
    }

    [Theory]
    [InlineData("*/*")]
    [InlineData("application/json")]
    [InlineData("application/x-ansi-nist-itl;q=0.5, application/json")]
    public async Task Everybody_else_gets_json(string accept)
    {
        using var admin = service.Admin();
        await admin.CreateGalleryAsync($"json{accept.Length}");
        Assert.Equal("[]", (await Send(admin, FakeImage.Of(new FakeFace(1)), accept, $"json{accept.Length}").Json())
            .GetProperty("candidates").GetRawText());
    }

    private static double? Number(JsonElement rate, string name) =>
        rate.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;

    private static Task<HttpResponseMessage> Send(HttpClient client, byte[] probe, string accept, string gallery = "file")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/searches")
        {
            Content = Requests.Form(new { galleries = new[] { gallery }, purpose = Requests.Purpose }, ("image", probe, "probe.an2")),
        };
        foreach (var type in accept.Split(", "))
            request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(type));
        return client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
