namespace MatchEngine.Service.Sandbox;

/// <summary>A header that a request has to bring for a fault to concern it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value.</param>
public sealed record FaultHeader(string Name, string Value);

/// <summary>A fault as it is asked for. Of the scopes that are named all have to hold.</summary>
/// <param name="Kind">What goes wrong.</param>
/// <param name="Key">Answers to requests with this key: its id, not its text.</param>
/// <param name="Gallery">Answers of this gallery: its own resources, and searches in which it was searched.</param>
/// <param name="Route">Answers of this endpoint, as the description names it: <c>POST /v1/searches</c>.</param>
/// <param name="Header">Answers to requests with this header.</param>
/// <param name="Script">Which of the answers in scope, one after the other: <c>x</c> is faulty, <c>.</c> is well, up to 1,000; null for
/// all. <c>..x</c>: the third one, and then no more.</param>
/// <param name="ThenFaulty">Whether those behind the script are faulty.</param>
/// <param name="Share">In place of a script: with which probability each is faulty, 0 … 1.</param>
/// <param name="Seed">Of the chances, so that they fall the same way again.</param>
/// <param name="Seconds">Of a delay, of a body that drips, of Retry-After (at most 300), or how late a receipt is (at most a year).</param>
/// <param name="By">How far scores are shifted, −2 … 2.</param>
/// <param name="Rows">How many candidates too many, 1 … 100.</param>
public sealed record FaultSetting(
    FaultKind Kind,
    string? Key = null,
    string? Gallery = null,
    string? Route = null,
    FaultHeader? Header = null,
    string? Script = null,
    bool ThenFaulty = false,
    double? Share = null,
    int Seed = 1,
    double? Seconds = null,
    double By = 0.1,
    int Rows = 3);

/// <summary>A request, as far as a fault's scope looks at it.</summary>
/// <param name="Key">The id of the key it came with; null for other means.</param>
/// <param name="Route">Method and pattern of its endpoint.</param>
/// <param name="Header">Its value of a header; null where it has none.</param>
internal sealed record FaultScope(string? Key, string Route, Func<string, string?> Header);

/// <summary>A fault that was asked for, and how often it has come to pass.</summary>
/// <param name="name">Its name.</param>
/// <param name="setting">What was asked for.</param>
internal sealed class Fault(string name, FaultSetting setting)
{
    private readonly Lock _turn = new();
    private readonly Random _chance = new(setting.Seed);
    private int _seen, _struck;

    public string Name => name;

    public FaultSetting Setting => setting;

    /// <summary>How many answers were in its scope.</summary>
    public int Seen => Volatile.Read(ref _seen);

    /// <summary>How many of them it touched.</summary>
    public int Struck => Volatile.Read(ref _struck);

    /// <summary>Its numbers, of which each use takes the next: the same for the same seed.</summary>
    public int Next(int below)
    {
        lock (_turn)
            return _chance.Next(below);
    }

    /// <summary>Whether it concerns a request, whatever the gallery.</summary>
    public bool Concerns(FaultScope request) =>
        (setting.Key is null || setting.Key == request.Key)
        && (setting.Route is null || setting.Route == request.Route)
        && (setting.Header is not { } header || request.Header(header.Name) == header.Value);

    /// <summary>Counts an answer in scope, and says whether it is its turn.</summary>
    public bool IsTurn()
    {
        lock (_turn)
        {
            var at = _seen++;
            return setting.Script is { } script ? at < script.Length ? script[at] == 'x' : setting.ThenFaulty
                : setting.Share is not { } share || _chance.NextDouble() < share;
        }
    }

    /// <summary>Counts an answer that it touched.</summary>
    public void CountStrike() => Interlocked.Increment(ref _struck);
}
