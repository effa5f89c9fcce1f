using System.Net.Http.Json;
using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Rekognition;
using MatchEngine.Service.Settings;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Rekognition;

/// <summary>The dialect obeys every safeguard; each deviation of its README has its test here or in the test with AWS's client.</summary>
public class RekognitionDialectTests(TestService service) : IClassFixture<TestService>
{
    private static readonly object Probe = Image(FakeImage.Picture("probe", new FakeFace(1, 3)));

    /// <summary>Each operation, with a request that names a collection where it takes one, and the roles that may.</summary>
    private static readonly Dictionary<string, (Func<string, string, object> Request, string[] Roles)> Table = new()
    {
        ["CreateCollection"] = (
            (collection, _) => new { CollectionId = collection },
            [Role.GalleryOwner, Role.Administrator, Role.ServiceAdministrator]),
        ["ListCollections"] = ((_, _) => new { }, [.. Role.All]),
        ["DescribeCollection"] = ((collection, _) => new { CollectionId = collection }, [.. Role.All]),
        ["DeleteCollection"] = (
            (collection, _) => new { CollectionId = collection }, [Role.GalleryOwner, Role.Administrator, Role.ServiceAdministrator]),
        ["IndexFaces"] = ((collection, _) => new { CollectionId = collection, Image = Probe }, [Role.GalleryOwner]),
        ["ListFaces"] = ((collection, _) => new { CollectionId = collection }, [Role.GalleryOwner]),
        ["DeleteFaces"] = ((collection, face) => new { CollectionId = collection, FaceIds = new[] { face } }, [Role.GalleryOwner]),
        ["SearchFacesByImage"] = ((collection, _) => new { CollectionId = collection, Image = Probe }, [Role.Agent, Role.Supervisor]),
        ["SearchFaces"] = ((collection, face) => new { CollectionId = collection, FaceId = face }, [Role.Agent, Role.Supervisor]),
        ["CreateUser"] = ((collection, _) => new { CollectionId = collection, UserId = "u" }, [Role.GalleryOwner]),
        ["ListUsers"] = ((collection, _) => new { CollectionId = collection }, [Role.GalleryOwner]),
        ["DeleteUser"] = ((collection, _) => new { CollectionId = collection, UserId = "known" }, [Role.GalleryOwner]),
        ["AssociateFaces"] = (
            (collection, face) => new { CollectionId = collection, UserId = "known", FaceIds = new[] { face } }, [Role.GalleryOwner]),
        ["DisassociateFaces"] = (
            (collection, face) => new { CollectionId = collection, UserId = "known", FaceIds = new[] { face } }, [Role.GalleryOwner]),
        ["SearchUsersByImage"] = ((collection, _) => new { CollectionId = collection, Image = Probe }, [Role.Agent, Role.Supervisor]),
        ["CompareFaces"] = ((_, _) => new { SourceImage = Probe, TargetImage = Probe }, [Role.Agent, Role.Supervisor, Role.Examiner]),
        ["DetectFaces"] = ((_, _) => new { Image = Probe }, [Role.Agent, Role.Supervisor, Role.Examiner]),
    };

    [Fact]
    public void The_table_has_every_operation() =>
        Assert.Equal(RekognitionDialect.Operations.Keys.Order(), Table.Keys.Order());

    [Fact]
    public async Task A_credential_of_one_organisation_reaches_anothers_collections_by_no_operation()
    {
        var face = await CollectAsync("theirs", null, 1, 2);
        using var owner = service.Admin();
        using var own = await SigningClient.OfAsync(service, owner);
        await own.CallAsync("CreateUser", new { CollectionId = "theirs", UserId = "known" });
        using var stranger = await SigningClient.OfAsync(
            service, "strangers", Role.Agent, Role.Supervisor, Role.GalleryOwner, Role.Administrator, Role.Examiner);
        Assert.DoesNotContain("theirs", (await stranger.CallAsync("ListCollections", new { })).GetRawText(), StringComparison.Ordinal);
        foreach (var (operation, (request, _)) in Table.Where(row => row.Key is not ("ListCollections" or "CompareFaces" or "DetectFaces")))
        {
            var expected = operation == "CreateCollection" ? "ResourceAlreadyExistsException" : "ResourceNotFoundException";
            Assert.Equal((operation, expected), (operation, await stranger.RefusedAsync(operation, request("theirs", face))));
            // The same request of the own organisation finds what it names, so that it was not refused for something else.
            if (operation is not ("CreateCollection" or "DeleteCollection" or "DeleteFaces"))
                await own.CallAsync(operation, request("theirs", face));
            if (operation == "DeleteUser")
                await own.CallAsync("CreateUser", new { CollectionId = "theirs", UserId = "known" });
        }
        Assert.Single((await own.CallAsync("DeleteFaces", new { CollectionId = "theirs", FaceIds = new[] { face } }))
            .GetProperty("DeletedFaces").EnumerateArray());
    }

    [Fact]
    public async Task Each_role_may_what_it_may_elsewhere_and_what_is_refused_is_written_down()
    {
        foreach (var role in Role.All)
        {
            using var client = await SigningClient.OfAsync(service, "roles", role);
            foreach (var (operation, (request, roles)) in Table)
            {
                var answer = await client.SendAsync(operation, request("nowhere", Guid.NewGuid().ToString()));
                Assert.True(
                    (answer.Header("x-matchengine-code") == "forbidden") != roles.Contains(role), $"{operation} as {role}: {answer.Type}");
                if (operation == "CreateCollection" && answer.Status == 200)
                    await client.CallAsync("DeleteCollection", new { CollectionId = "nowhere" });
            }
        }
        using var auditor = service.As("roles", Role.Auditor);
        Assert.NotEmpty((await auditor.GetAsync("/v1/audit?kind=access.refused").Json()).GetProperty("events").EnumerateArray());
    }

    [Fact]
    public async Task A_search_states_its_purpose_in_headers_or_by_its_credential()
    {
        await CollectAsync("purposes", null, 1, 2);
        var request = new { CollectionId = "purposes", Image = Probe };
        using var admin = service.Admin();
        using var silent = await SigningClient.OfAsync(service, admin);
        silent.Headers.Clear();
        var refused = await silent.SendAsync("SearchFacesByImage", request);
        Assert.Equal(("AccessDeniedException", "purpose_required"), (refused.Type, refused.Header("x-matchengine-code")));
        Assert.NotNull(refused.Header("x-matchengine-rule"));
        silent.Headers["x-matchengine-case"] = "C-5";
        silent.Headers["x-matchengine-basis"] = "18 USC 1028";
        await silent.CallAsync("SearchFacesByImage", request);

        using var standing = await SigningClient.OfAsync(
            service, admin, new { name = "standing", purpose = new { caseNumber = "C-6", basis = "18 USC 1343" } });
        standing.Headers.Clear();
        standing.Headers["x-matchengine-case"] = "C-7";
        var answer = await standing.SendAsync("SearchFacesByImage", request);
        var recorded = await admin.GetAsync($"/v1/searches/{answer.Header("x-matchengine-search-id")}").Json();
        var purpose = recorded.GetProperty("audit").GetProperty("purpose");
        Assert.Equal(
            ("C-7", "18 USC 1343"), (purpose.GetProperty("caseNumber").GetString(), purpose.GetProperty("basis").GetString()));
    }

    [Fact]
    public async Task A_profile_of_2_to_50_lists_two_where_one_was_asked_for_and_withholds_one_alone()
    {
        await CollectAsync("two", "ngi-ips", 1, 2, 3);
        await CollectAsync("one", "ngi-ips", 1);
        using var admin = service.Admin();
        using var client = await SigningClient.OfAsync(service, admin);
        var two = await client.SendAsync(
            "SearchFacesByImage", new { CollectionId = "two", Image = Probe, MaxFaces = 1, FaceMatchThreshold = 99.999 });
        Assert.Equal(2, two.Body.GetProperty("FaceMatches").GetArrayLength());
        Assert.Equal(("2", "true"), (two.Header("x-matchengine-minimum"), two.Header("x-matchengine-floor-gave-way")));
        Assert.Contains("a list of 1 was asked for", two.Header("x-matchengine-notices"), StringComparison.Ordinal);

        // Faces of nobody do not make a list of one user a list of several.
        var users = new { CollectionId = "two", Image = Probe, UserMatchThreshold = 0 };
        var faces = (await client.CallAsync("ListFaces", new { CollectionId = "two" })).GetProperty("Faces").EnumerateArray()
            .Select(face => face.GetProperty("FaceId").GetString()!).ToList();
        foreach (var (user, told, withheld) in new[] { ("u1", 0, "1"), ("u2", 2, "0") })
        {
            await client.CallAsync("CreateUser", new { CollectionId = "two", UserId = user });
            await client.CallAsync(
                "AssociateFaces", new { CollectionId = "two", UserId = user, FaceIds = new[] { faces[user == "u1" ? 0 : 1] } });
            var found = await client.SendAsync("SearchUsersByImage", users);
            Assert.Equal(
                (told, withheld),
                (found.Body.GetProperty("UserMatches").GetArrayLength(), found.Header("x-matchengine-withheld")));
        }

        var one = await client.SendAsync("SearchFacesByImage", new { CollectionId = "one", Image = Probe, FaceMatchThreshold = 0 });
        Assert.Equal(0, one.Body.GetProperty("FaceMatches").GetArrayLength());
        Assert.Equal("1", one.Header("x-matchengine-withheld"));
    }

    [Fact]
    public async Task The_threshold_is_a_floor_and_80_where_none_is_named()
    {
        await CollectAsync("floors", null, 1, 2);
        using var admin = service.Admin();
        using var client = await SigningClient.OfAsync(service, admin);
        var all = await MatchesAsync(client, 0);
        Assert.Equal(2, all.Count);
        Assert.InRange(all[0], 80, 100);
        Assert.InRange(all[1], 0, 80);
        Assert.Single(await MatchesAsync(client, null));
        Assert.Single(await MatchesAsync(client, all[0] - 0.001));
        Assert.Empty(await MatchesAsync(client, (all[0] + 100) / 2));
        foreach (var wrong in new[] { -1, 100.1 })
            Assert.Equal("InvalidParameterException", await client.RefusedAsync(
                "SearchFacesByImage", new { CollectionId = "floors", Image = Probe, FaceMatchThreshold = wrong }));
        Assert.Equal("InvalidParameterException", await client.RefusedAsync(
            "SearchFacesByImage", new { CollectionId = "floors", Image = Probe, MaxFaces = 0 }));

        async Task<List<double>> MatchesAsync(SigningClient client, double? threshold) =>
            [.. (await client.CallAsync(
                "SearchFacesByImage",
                threshold is { } some
                    ? new { CollectionId = "floors", Image = Probe, FaceMatchThreshold = some }
                    : new { CollectionId = "floors", Image = Probe })).GetProperty("FaceMatches").EnumerateArray()
                .Select(match => match.GetProperty("Similarity").GetDouble())];
    }

    [Fact]
    public async Task Terms_and_approval_are_needed_as_elsewhere()
    {
        await CollectAsync("termed", "state-lea", 1, 2);
        await CollectAsync("unapproved", null, 1, 2);
        using var admin = service.Admin();
        await admin.PatchAsJsonAsync("/v1/galleries/unapproved", new { approved = false }).Json();
        using var agent = service.As("local", Role.Agent);
        using var client = await SigningClient.OfAsync(service, agent);
        Assert.Equal("terms_not_accepted", (await SearchAsync(client, "termed")).Header("x-matchengine-code"));
        var refused = await SearchAsync(client, "unapproved");
        Assert.Equal(("AccessDeniedException", "approval_required"), (refused.Type, refused.Header("x-matchengine-code")));
        var approval = (await agent.PostAsJsonAsync(
            "/v1/approvals", new { galleries = new[] { "unapproved" }, purpose = Requests.Purpose, reason = "r" }).Json(201))
            .GetProperty("id").GetString()!;
        using var supervisor = service.As("local", Role.Supervisor);
        await supervisor.PostAsJsonAsync($"/v1/approvals/{approval}/decision", new { granted = true, reason = "r" }).Json();
        client.Headers["x-matchengine-approval"] = approval;
        Assert.Equal(200, (await SearchAsync(client, "unapproved")).Status);
        Assert.Equal("approval_required", (await SearchAsync(client, "unapproved")).Header("x-matchengine-code"));
    }

    [Fact]
    public async Task Of_images_nothing_stays_however_a_request_ends()
    {
        await CollectAsync("cleared", null, 1, 2);
        using var admin = service.Admin();
        using var client = await SigningClient.OfAsync(service, admin);
        var before = service.Buffers.HandedOutCount;
        var marked = Image(FakeImage.Picture("marker-5e1f", new FakeFace(1, 4)));
        await client.CallAsync("SearchFacesByImage", new { CollectionId = "cleared", Image = marked });
        await client.CallAsync("CompareFaces", new { SourceImage = marked, TargetImage = marked });
        await client.CallAsync("DetectFaces", new { Image = marked });
        await client.RefusedAsync("SearchFacesByImage", new { CollectionId = "nowhere", Image = marked });
        await client.RefusedAsync("DetectFaces", new { Image = new { Bytes = "no base64" } });
        await client.SendAsync("DetectFaces", new { Image = marked }, request => request.Headers.Remove("x-matchengine-case"));
        await client.SendAsync(
            "DetectFaces", new { Image = marked }, request => request.Headers.TryAddWithoutValidation("x-amz-content-sha256", "0"));
        await client.RefusedAsync("NoSuchOperation", new { Image = marked });
        Assert.True(service.Buffers.HandedOutCount > before + 10);
        await UntilAsync(service.Buffers.AllClear);
        Assert.False(FolderBytes.Contain(service.Data, "marker-5e1f"u8.ToArray()));
    }

    [Fact]
    public async Task The_same_image_under_the_same_name_is_one_face_and_others_are_others()
    {
        using var admin = service.Admin();
        using var client = await SigningClient.OfAsync(service, admin);
        await client.CallAsync("CreateCollection", new { CollectionId = "again" });
        var ids = new List<string?>();
        foreach (var name in (string?[])["a", "a", "b", null])
            ids.Add((await client.CallAsync("IndexFaces", name is null
                ? new { CollectionId = "again", Image = Probe }
                : new { CollectionId = "again", Image = Probe, ExternalImageId = name }))
                .GetProperty("FaceRecords")[0].GetProperty("Face").GetProperty("FaceId").GetString());
        Assert.Equal(ids[0], ids[1]);
        Assert.Equal(3, ids.Distinct().Count());
    }

    [Fact]
    public async Task An_image_with_several_faces_is_refused_unless_the_largest_is_asked_for_and_one_without_gives_none()
    {
        using var admin = service.Admin();
        using var client = await SigningClient.OfAsync(service, admin);
        await client.CallAsync("CreateCollection", new { CollectionId = "several" });
        var two = Image(FakeImage.Picture("two", new FakeFace(1), new FakeFace(2, Size: 60, X: 200)));
        var refused = await client.SendAsync("IndexFaces", new { CollectionId = "several", Image = two });
        Assert.Equal(("InvalidParameterException", "multiple_faces"), (refused.Type, refused.Header("x-matchengine-code")));
        var largest = await client.CallAsync("IndexFaces", new { CollectionId = "several", Image = two, MaxFaces = 1 });
        Assert.Equal(
            100 / 640.0, largest.GetProperty("FaceRecords")[0].GetProperty("FaceDetail").GetProperty("BoundingBox")
                .GetProperty("Width").GetDouble());
        var none = await client.CallAsync("IndexFaces", new { CollectionId = "several", Image = Image(FakeImage.Picture("none")) });
        Assert.Equal(0, none.GetProperty("FaceRecords").GetArrayLength());
        Assert.Equal(0, (await client.CallAsync("DetectFaces", new { Image = Image(FakeImage.Picture("none")) }))
            .GetProperty("FaceDetails").GetArrayLength());
        Assert.Equal("InvalidParameterException", await client.RefusedAsync(
            "SearchFacesByImage", new { CollectionId = "several", Image = Image(FakeImage.Picture("none")) }));
    }

    [Fact]
    public async Task No_filter_of_the_asker_switches_the_least_quality_off_and_no_attribute_of_a_person_is_told()
    {
        await CollectAsync("qualities", null, 1, 2);
        using var admin = service.Admin();
        using var client = await SigningClient.OfAsync(service, admin);
        var poor = Image(FakeImage.Picture("poor\nquality 10", new FakeFace(1)));
        var refused = await client.SendAsync(
            "SearchFacesByImage", new { CollectionId = "qualities", Image = poor, QualityFilter = "NONE" });
        Assert.Equal(("InvalidParameterException", "low_quality"), (refused.Type, refused.Header("x-matchengine-code")));
        var detected = (await client.CallAsync("DetectFaces", new { Image = poor, Attributes = new[] { "ALL" } }))
            .GetProperty("FaceDetails")[0];
        Assert.Equal(["BoundingBox", "Confidence"], detected.EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task Who_has_to_agree_before_being_enrolled_is_not_enrolled_here()
    {
        using var admin = service.Admin();
        await admin.CreateGalleryAsync("masters", new { profile = "smartlink" });
        using var client = await SigningClient.OfAsync(service, admin);
        var refused = await client.SendAsync("IndexFaces", new { CollectionId = "masters", Image = Probe });
        Assert.Equal(("AccessDeniedException", "terms_not_accepted"), (refused.Type, refused.Header("x-matchengine-code")));
    }

    [Fact]
    public async Task A_label_is_seen_in_a_match_by_whom_the_owner_shows_it()
    {
        await CollectAsync("labels", null, 1, 2);
        using var admin = service.Admin();
        await admin.ShareAsync(service, "labels", "readers", new { fields = Array.Empty<string>() });
        using var own = await SigningClient.OfAsync(service, admin);
        using var reader = await SigningClient.OfAsync(service, "readers", Role.Agent);
        foreach (var (client, isSeen) in new[] { (own, true), (reader, false) })
        {
            var match = (await client.CallAsync("SearchFacesByImage", new { CollectionId = "labels", Image = Probe }))
                .GetProperty("FaceMatches")[0].GetProperty("Face");
            Assert.Equal(isSeen, match.TryGetProperty("ExternalImageId", out _));
        }
    }

    [Fact]
    public async Task What_cannot_be_read_is_refused_by_name()
    {
        using var admin = service.Admin();
        using var client = await SigningClient.OfAsync(service, admin);
        foreach (var (body, type) in ((object, string)[])
        [
            (new { Image = new { Bytes = Convert.ToBase64String(new byte[(2 << 20) + 1]) } }, "ImageTooLargeException"),
            (new { }, "InvalidParameterException"),
            (new { Image = new { Bytes = "" } }, "InvalidParameterException"),
            (new { Image = new { S3Object = new { Bucket = "b" } } }, "InvalidS3ObjectException"),
            (new[] { 1 }, "SerializationException"),
        ])
            Assert.Equal((type, body.ToString()), (await client.RefusedAsync("DetectFaces", body), body.ToString()));
        // Told before the body is sent.
        var large = await client.SendAsync(
            "DetectFaces", new { Image = new { Bytes = new string('A', 5 << 20) } }, request => request.Headers.ExpectContinue = true);
        Assert.Equal((400, "ImageTooLargeException"), (large.Status, large.Type));
        Assert.Equal("SerializationException", await client.RefusedAsync("ListCollections", new { MaxResults = "many" }));
        Assert.Equal("InvalidParameterException", await client.RefusedAsync("ListCollections", new { MaxResults = 5000 }));
        Assert.Equal("InvalidPaginationTokenException", await client.RefusedAsync("ListCollections", new { NextToken = "no token!" }));
        Assert.Equal("InvalidParameterException", await client.RefusedAsync("SearchFaces", new { CollectionId = "g", FaceId = "1" }));
        await client.CallAsync("ListCollections", new { Unknown = 1 });
    }

    [Fact]
    public async Task Pages_follow_each_other_without_gap_or_repetition()
    {
        using var admin = service.Admin();
        using var client = await SigningClient.OfAsync(service, "paged", Role.GalleryOwner);
        foreach (var n in Enumerable.Range(0, 5))
            await client.CallAsync("CreateCollection", new { CollectionId = $"paged-{n}" });
        var (names, token) = (new List<string>(), (string?)null);
        do
        {
            var page = await client.CallAsync("ListCollections", token is null
                ? new { MaxResults = 2 }
                : new { MaxResults = 2, NextToken = token });
            names.AddRange(page.GetProperty("CollectionIds").EnumerateArray().Select(name => name.GetString()!));
            token = page.TryGetProperty("NextToken", out var next) ? next.GetString() : null;
        }
        while (token is not null);
        Assert.Equal(Enumerable.Range(0, 5).Select(n => $"paged-{n}"), names);
    }

    [Fact]
    public async Task Whoever_asks_too_often_is_told_so_in_the_words_of_the_dialect()
    {
        await using var strict = new StrictService();
        await strict.InitializeAsync();
        using var admin = strict.Admin();
        using var client = await SigningClient.OfAsync(strict, admin);
        Answered answer;
        var n = 0;
        do
            answer = await client.SendAsync("ListCollections", new { });
        while (answer.Status == 200 && ++n < 100);
        Assert.Equal((400, "ProvisionedThroughputExceededException"), (answer.Status, answer.Type));
        Assert.NotNull(answer.Header("Retry-After"));
    }

    /// <summary>A collection with people, each by one photo; the face of the first.</summary>
    private async Task<string> CollectAsync(string name, string? profile, params int[] people)
    {
        using var admin = service.Admin();
        await admin.CreateGalleryAsync(name, profile is null ? null : new { profile });
        using var client = await SigningClient.OfAsync(service, admin);
        string? first = null;
        foreach (var person in people)
        {
            var indexed = await client.CallAsync("IndexFaces", new
            {
                CollectionId = name, Image = Image(FakeImage.Picture($"{name} {person}", new FakeFace(person))),
                ExternalImageId = $"person {person}",
            });
            first ??= indexed.GetProperty("FaceRecords")[0].GetProperty("Face").GetProperty("FaceId").GetString();
        }
        return first!;
    }

    private static Task<Answered> SearchAsync(SigningClient client, string collection) =>
        client.SendAsync("SearchFacesByImage", new { CollectionId = collection, Image = Probe });

    private static object Image(byte[] bytes) => new { Bytes = Convert.ToBase64String(bytes) };

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
            await Task.Delay(5, patience.Token);
    }

    /// <summary>A service that is asked seldom.</summary>
    private sealed class StrictService : TestService
    {
        internal override ServiceSettings Settings()
        {
            var settings = base.Settings();
            settings.Limits.RequestsPerMinute = 20;
            return settings;
        }
    }
}
