using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Tests.Fakes;

/// <summary>A <see cref="FakeService"/> behind the programs that a test starts.</summary>
internal sealed class FakeProgramServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly FakeService _service;
    private readonly Task _accepting;

    public FakeProgramServer(FakeService service)
    {
        _service = service;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public IReadOnlyList<string> Command => FakeProgram.Command("serve", ((IPEndPoint)_listener.LocalEndpoint).Port.ToString());

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = AnswerAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            await using var stream = client.GetStream();
            var request = (await JsonNode.ParseAsync(stream))!;
            JsonObject answer;
            try
            {
                answer = Answer(request);
            }
            catch (FakeRefusal refusal)
            {
                answer = new JsonObject
                {
                    ["failure"] = new JsonObject
                    {
                        ["kind"] = JsonNamingPolicy.CamelCase.ConvertName(refusal.Kind.ToString()), ["detail"] = refusal.Message,
                    },
                };
            }
            await stream.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(answer));
        }
    }

    private JsonObject Answer(JsonNode request)
    {
        switch ((string)request["call"]!)
        {
            case "describe":
                var identity = _service.Identify(Caller.Examiner);
                return new JsonObject
                {
                    ["product"] = identity.Product, ["version"] = identity.Version, ["model"] = identity.Model,
                    ["scores"] = new JsonObject { ["better"] = "bigger", ["low"] = -1, ["high"] = 1 },
                    ["can"] = new JsonArray(
                        "enrol", "remove", "search", "compare", "candidateScore", "comparisonScore", "listLength", "scoreFloor", "purpose",
                        "disclaimer", "model"),
                };
            case "enrol":
                _service.Enrol(Caller.Examiner, new EnrolmentQuery((string)request["subject"]!, Photo(request["image"])));
                return new JsonObject();
            case "remove":
                _service.Remove(Caller.Examiner, (string)request["subject"]!);
                return new JsonObject();
            case "search":
                var list = _service.Search(
                    Caller.Examiner,
                    new SearchQuery(Photo(request["image"]))
                    {
                        ListLength = (int?)request["listLength"], ScoreFloor = (double?)request["scoreFloor"], Purpose = Purpose(request),
                    });
                return new JsonObject
                {
                    ["candidates"] = new JsonArray([.. list.Candidates.Select(one => (JsonNode)new JsonObject
                    {
                        ["subject"] = one.Subject, ["score"] = one.Score,
                    })]),
                    ["searchId"] = list.SearchId, ["disclaimer"] = list.Disclaimer, ["model"] = list.Model, ["withheld"] = list.Withheld,
                };
            default:
                var compared = _service.Compare(
                    Caller.Examiner,
                    new ComparisonQuery(Photo(request["image"]), Photo(request["second"])) { Purpose = Purpose(request) });
                return new JsonObject { ["score"] = compared.Score, ["disclaimer"] = compared.Disclaimer, ["model"] = compared.Model };
        }
    }

    private static SearchPurpose? Purpose(JsonNode request) => request["purpose"] is { } purpose
        ? new SearchPurpose((string)purpose["caseNumber"]!, (string)purpose["basis"]!, (string)purpose["requester"]!)
        : null;

    private static PhotoInput Photo(JsonNode? image) => new(Convert.FromBase64String((string)image!));
}
