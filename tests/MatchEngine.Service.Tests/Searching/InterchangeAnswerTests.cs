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
        using var response = await Send(admin, probe, InterchangeFiles.Type);
        Assert.Equal(InterchangeFiles.Type, response.Content.Headers.ContentType!.MediaType);
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

    [Fact]
    public async Task A_file_as_the_whole_body_is_a_search_with_what_it_asks_for()
    {
        using var admin = service.Admin();
        await admin.CreateGalleryAsync("raw");
        for (var person = 1; person <= 4; person++)
            await admin.EnrolAsync("raw", $"P{person}", FakeImage.Picture("", new FakeFace(person)));
        var terms = new SearchTerms
        {
            Galleries = ["raw"], CaseNumber = "C-7", Basis = "18 USC 1028", Requester = "J. Doe",
            ListLength = 3, Floor = -0.99, FaceIdc = 2,
        };

        var json = await SendRaw(admin, File(terms, 1, 3), "application/json").Json();
        Assert.Equal(3, json.GetProperty("listLength").GetInt32());
        Assert.Equal(-0.99, json.GetProperty("scoreFloor").GetDouble(), 4);
        Assert.Equal("deleted", json.GetProperty("receipt").GetProperty("status").GetString());
        // The second face record was meant.
        Assert.Equal("P3", json.GetProperty("candidates")[0].GetProperty("subjectId").GetString());
        var search = json.GetProperty("searchId").GetString()!;
        var purpose = (await admin.GetAsync($"/v1/searches/{search}").Json()).GetProperty("audit").GetProperty("purpose");
        Assert.Equal(("C-7", "18 USC 1028", "J. Doe"), (
            purpose.GetProperty("caseNumber").GetString(), purpose.GetProperty("basis").GetString(),
            purpose.GetProperty("requester").GetString()));

        using var file = await SendRaw(admin, File(terms with { FaceIdc = 1 }, 1, 3), InterchangeFiles.Type);
        var answer = Transaction.Read(await file.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal(("P1", "TCN-42"), (AnsiNistList.Read(answer).Candidates[0].SubjectId, answer.Header.ControlReference));
        Assert.True(service.Buffers.AllClear());
    }

    [Fact]
    public async Task Biographics_as_far_as_they_may_be_seen_and_notices_travel_in_the_file()
    {
        using var admin = service.Admin();
        await admin.CreateGalleryAsync("told");
        await admin.EnrolAsync(
            "told", "Zoë", FakeImage.Picture("", new FakeFace(1)), new { metadata = new { name = "Zoë\nÄ", sex = "F", secret = "s" } });
        await admin.ShareAsync(service, "told", "partner", new { fields = new[] { "name", "sex" } });
        using var partner = service.As("partner", MatchEngine.Frs.Accounts.Role.Agent);
        // Two faces, one of which is too small to be meant: left out with a notice.
        var probe = FakeImage.Of(new FakeFace(1, Size: 200, X: 10), new FakeFace(2, Size: 20, X: 300));

        var json = await Send(partner, probe, "application/json", "told").Json();
        using var response = await Send(partner, probe, InterchangeFiles.Type, "told");
        var transaction = Transaction.Read(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Empty(TransactionValidator.Validate(transaction));
        var list = AnsiNistList.Read(transaction);

        Assert.Equal([("name", "Zoë Ä"), ("sex", "F")], list.Candidates[0].Biographics.Select(pair => (pair.Key, pair.Value)));
        Assert.NotEmpty(list.Notices);
        Assert.Equal(json.GetProperty("notices").EnumerateArray().Select(notice => notice.GetString()), list.Notices);
    }

    [Theory]
    [InlineData(null, 2, 422, "several_faces", "TCN-42")]
    [InlineData("nowhere", 1, 404, "not_found", "TCN-42")]
    public async Task An_error_is_told_in_a_file_that_refers_to_the_submission(
        string? gallery, int faces, int status, string code, string reference)
    {
        using var admin = service.Admin();
        var terms = new SearchTerms { Galleries = gallery is null ? [] : [gallery], CaseNumber = "C", Basis = "B", Requester = "R" };
        using var response = await SendRaw(admin, File(terms, [.. Enumerable.Range(1, faces)]), InterchangeFiles.Type);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(InterchangeFiles.Type, response.Content.Headers.ContentType!.MediaType);
        var transaction = Transaction.Read(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Empty(TransactionValidator.Validate(transaction));
        Assert.Equal((ErrorResponse.Error, reference), (transaction.Header.TransactionType, transaction.Header.ControlReference));
        var error = ErrorResponse.Read(transaction)!;
        var json = await SendRaw(admin, File(terms, [.. Enumerable.Range(1, faces)]), "application/json").Json(status);
        Assert.Equal((code, status, json.GetProperty("detail").GetString()), (error.Code, error.Status, error.Detail));
        Assert.Equal(response.Headers.GetValues("x-request-id").Single(), error.RequestId);
    }

    [Fact]
    public async Task A_body_that_is_no_file_and_a_caller_without_a_key_are_told_in_one_too()
    {
        using var admin = service.Admin();
        using var nobody = service.Client(null);
        foreach (var (client, status, code) in ((HttpClient, int, string)[])[(admin, 422, "not_ansi_nist"), (nobody, 401, "not_signed_in")])
        {
            using var response = await SendRaw(client, [1, 2, 3], InterchangeFiles.Type);
            var error = ErrorResponse.Read(Transaction.Read(await response.Content.ReadAsByteArrayAsync()))!;
            Assert.Equal((status, code, status), ((int)response.StatusCode, error.Code, error.Status));
        }
    }

    /// <summary>Elsewhere than at searches such a body is of a kind that is not read.</summary>
    [Fact]
    public async Task Only_a_search_takes_a_file_as_the_whole_body()
    {
        using var admin = service.Admin();
        Assert.Equal("unsupported", await admin.PostAsync("/v1/quality", Raw([1])).Code(415));
    }

    private static ByteArrayContent Raw(byte[] file)
    {
        var content = new ByteArrayContent(file);
        content.Headers.ContentType = new MediaTypeHeaderValue(InterchangeFiles.Type);
        return content;
    }

    private static Task<HttpResponseMessage> SendRaw(HttpClient client, byte[] file, string accept)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/searches") { Content = Raw(file) };
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accept));
        return client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>A submission with a face record for each person, IDCs from 1.</summary>
    private static byte[] File(SearchTerms terms, params int[] people)
    {
        var file = new TransactionBuilder
        {
            TransactionType = SubmissionWriter.FaceSearch,
            Time = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
            DestinationAgency = "MATCHENGINE",
            OriginatingAgency = "XX1234567",
            ControlNumber = "TCN-42",
        }.Add(terms.ToRecord());
        foreach (var (place, person) in people.Index())
            file.Add(new FaceRecordContent
            {
                Image = FakeImage.Of(new FakeFace(person, Variation: 7)),
                Width = 640,
                Height = 480,
                Compression = CompressionAlgorithms.JpegBaseline,
                ColorSpace = ColorSpaces.Srgb,
                SourceAgency = "XX1234567",
                PhotoDate = new DateOnly(2026, 1, 1),
            }.ToRecord(place + 1));
        return file.ToBytes();
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
