using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Tests.Fakes;
using MatchEngine.Tests;

namespace MatchEngine.Service.Tests.Rekognition;

/// <summary>The dialect as the unmodified client of AWS (npm <c>@aws-sdk/client-rekognition</c>) meets it.</summary>
public class RekognitionClientTests(TestService service) : IClassFixture<TestService>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task The_client_of_AWS_creates_indexes_searches_compares_lists_and_deletes()
    {
        var packages = await NpmPackages.RequireAsync("rekognition-client");
        using var admin = service.Admin();
        var made = await admin.PostAsJsonAsync("/v1/signing-credentials", new { name = "sdk" }).Json(201);
        using var folder = new TemporaryFolder();
        folder.Write("anna-1", FakeImage.Picture("1", new FakeFace(1)));
        folder.Write("anna-2", FakeImage.Picture("2", new FakeFace(1, 1)));
        folder.Write("anna-probe", FakeImage.Picture("p", new FakeFace(1, 2), new FakeFace(9, Size: 15, X: 300)));
        folder.Write("bert", FakeImage.Picture("b", new FakeFace(2)));
        folder.Write("cleo", FakeImage.Picture("c", new FakeFace(3)));
        folder.Write("several", FakeImage.Picture("s", new FakeFace(4), new FakeFace(5, Size: 80, X: 200)));

        var steps = await RunAsync(
            packages, service.Address.GetLeftPart(UriPartial.Authority),
            made.GetProperty("details").GetProperty("accessKeyId").GetString()!,
            made.GetProperty("secretAccessKey").GetString()!, folder.Path);

        JsonElement Of(string step) => steps[step].TryGetProperty("answer", out var answer)
            ? answer
            : throw new InvalidOperationException($"{step}: {steps[step]}");
        string? Refused(string step) => steps[step].GetProperty("error").GetString();
        string[] Named(JsonElement list, params string[] path) =>
            [.. list.EnumerateArray().Select(row => path.Aggregate(row, (at, name) => at.GetProperty(name)).GetString()!)];

        Assert.Equal("aws:rekognition:local:local:collection/sdk.people", Of("create").GetProperty("CollectionArn").GetString());
        Assert.Equal("fake", Of("create").GetProperty("FaceModelVersion").GetString());
        Assert.Equal(
            steps["create"].GetProperty("headers").GetProperty("x-request-id").GetString(),
            steps["create"].GetProperty("requestId").GetString());
        Assert.Equal("ResourceAlreadyExistsException", Refused("create again"));
        Assert.Contains("sdk.people", Of("list collections").GetProperty("CollectionIds").EnumerateArray().Select(id => id.GetString()));

        var anna = Of("index anna-1").GetProperty("FaceRecords")[0].GetProperty("Face");
        var id = anna.GetProperty("FaceId").GetString()!;
        Assert.Equal("D", Guid.TryParseExact(id, "D", out _) ? "D" : id);
        Assert.Equal("anna-1", anna.GetProperty("ExternalImageId").GetString());
        Assert.Equal(75, anna.GetProperty("Confidence").GetDouble());
        Assert.Equal(
            (100 / 640.0, 100 / 480.0, 10 / 640.0, 20.5 / 480.0),
            (Box("Width"), Box("Height"), Box("Left"), Box("Top")));
        Assert.Equal("InvalidParameterException", Refused("index several"));
        Assert.Equal(4, Of("describe").GetProperty("FaceCount").GetInt32());
        Assert.True(
            DateTimeOffset.Parse(Of("describe").GetProperty("CreationTimestamp").GetString()!) > DateTimeOffset.UtcNow.AddHours(-1));

        var (first, further) = (Of("list faces"), Of("list further faces"));
        Assert.Equal(3, first.GetProperty("Faces").GetArrayLength());
        Assert.False(further.TryGetProperty("NextToken", out _));
        Assert.Equal(
            new[] { "anna-1", "anna-2", "bert", "cleo" },
            Named(first.GetProperty("Faces"), "ExternalImageId").Concat(Named(further.GetProperty("Faces"), "ExternalImageId")).Order());

        var found = Of("search by image");
        Assert.Equal(["anna-1", "anna-2"], Named(found.GetProperty("FaceMatches"), "Face", "ExternalImageId").Order());
        Assert.Equal(
            found.GetProperty("FaceMatches").EnumerateArray().Select(Similarity).OrderDescending(),
            found.GetProperty("FaceMatches").EnumerateArray().Select(Similarity));
        Assert.All(found.GetProperty("FaceMatches").EnumerateArray(), match => Assert.InRange(Similarity(match), 70, 100));
        Assert.Equal(100 / 640.0, found.GetProperty("SearchedFaceBoundingBox").GetProperty("Width").GetDouble());
        // Who has a photo need not learn that it is enrolled: its id is told to those who keep the collection.
        Assert.True(first.GetProperty("Faces")[0].TryGetProperty("ImageId", out _));
        Assert.All(
            found.GetProperty("FaceMatches").EnumerateArray(),
            match => Assert.False(match.GetProperty("Face").TryGetProperty("ImageId", out _)));
        var headers = steps["search by image"].GetProperty("headers");
        Assert.Contains("lead", headers.GetProperty("x-matchengine-disclaimer").GetString()!, StringComparison.OrdinalIgnoreCase);
        Assert.Matches("^HMAC-SHA-256 [0-9a-f]{64} deleted 20", headers.GetProperty("x-matchengine-receipt").GetString());

        Assert.Equal(id, Of("search").GetProperty("SearchedFaceId").GetString());
        Assert.Equal(["anna-2"], Named(Of("search").GetProperty("FaceMatches"), "Face", "ExternalImageId"));
        Assert.Single(Of("search one").GetProperty("FaceMatches").EnumerateArray());

        Assert.InRange(Similarity(Of("compare").GetProperty("FaceMatches")[0]), 80, 100);
        Assert.Equal(0, Of("compare").GetProperty("UnmatchedFaces").GetArrayLength());
        Assert.Equal(75, Of("compare").GetProperty("SourceImageFace").GetProperty("Confidence").GetDouble());
        Assert.Equal(
            (0, 1),
            (Of("compare others").GetProperty("FaceMatches").GetArrayLength(),
                Of("compare others").GetProperty("UnmatchedFaces").GetArrayLength()));
        Assert.Equal(
            [100 / 640.0, 80 / 640.0],
            Of("detect").GetProperty("FaceDetails").EnumerateArray()
                .Select(face => face.GetProperty("BoundingBox").GetProperty("Width").GetDouble()));

        Assert.Equal("ConflictException", Refused("create user again"));
        Assert.Equal("ACTIVE", Of("associate").GetProperty("UserStatus").GetString());
        Assert.Equal(2, Of("associate").GetProperty("AssociatedFaces").GetArrayLength());
        Assert.Equal(
            "FACE_NOT_FOUND", Of("associate").GetProperty("UnsuccessfulFaceAssociations")[0].GetProperty("Reasons")[0].GetString());
        Assert.Equal("ACTIVE", Of("list users").GetProperty("Users")[0].GetProperty("UserStatus").GetString());
        Assert.Equal(["anna"], Named(Of("search users by image").GetProperty("UserMatches"), "User", "UserId"));
        Assert.Equal("UnknownOperationException", Refused("search users"));
        Assert.Equal(["anna-1"], Named(Of("list faces of user").GetProperty("Faces"), "ExternalImageId"));
        Assert.Equal(0, Of("search users of none").GetProperty("UserMatches").GetArrayLength());

        Assert.Single(Of("delete faces").GetProperty("DeletedFaces").EnumerateArray());
        Assert.Equal(
            "FACE_NOT_FOUND", Of("delete faces").GetProperty("UnsuccessfulFaceDeletions")[0].GetProperty("Reasons")[0].GetString());
        Assert.Equal("ResourceNotFoundException", Refused("not there"));
        Assert.Equal("InvalidS3ObjectException", Refused("storage"));
        Assert.Equal("InvalidImageFormatException", Refused("no image"));
        Assert.Equal("UnknownOperationException", Refused("unknown operation"));
        Assert.Equal(200, Of("delete").GetProperty("StatusCode").GetInt32());
        Assert.Equal("ResourceNotFoundException", Refused("describe deleted"));

        double Box(string side) => anna.GetProperty("BoundingBox").GetProperty(side).GetDouble();
        static double Similarity(JsonElement match) => match.GetProperty("Similarity").GetDouble();
    }

    private static async Task<Dictionary<string, JsonElement>> RunAsync(string folder, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("node", [Path.Combine(folder, "flow.mjs"), .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var patience = new CancellationTokenSource(Patience);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
        await process.WaitForExitAsync(patience.Token);
        Assert.True(process.ExitCode == 0, $"{await output}{await error}");
        return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .ToDictionary(step => step.GetProperty("name").GetString()!);
    }
}
