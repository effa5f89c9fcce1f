using System.Collections.Concurrent;
using MatchEngine.Galleries;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Settings;

namespace MatchEngine.Service.Sandbox;

/// <summary>The faults that were asked for. They live as long as the process, or until the sandbox is reset.</summary>
/// <param name="settings">Whether the people here are invented.</param>
internal sealed class Faults(ServiceSettings settings)
{
    private const int Most = 100;
    private const double MostSeconds = 300, MostLate = 366 * 24 * 3600.0;

    private readonly ConcurrentDictionary<string, Fault> _faults = new(StringComparer.Ordinal);

    /// <summary>All of them, by name.</summary>
    public IReadOnlyList<Fault> All => [.. _faults.Values.OrderBy(fault => fault.Name, StringComparer.Ordinal)];

    /// <summary>Those that concern a request, whatever the gallery, by name.</summary>
    public IReadOnlyList<Fault> Concerning(FaultScope request) =>
        _faults.IsEmpty ? [] : [.. All.Where(fault => fault.Concerns(request))];

    /// <exception cref="ProblemException">There is none of this name.</exception>
    public Fault Find(string name) => _faults.GetValueOrDefault(name) ?? throw NotFound(name);

    /// <summary>Puts a fault in place; it begins to count anew where there was one of this name.</summary>
    /// <exception cref="ProblemException">A value cannot be used, there are too many, or the kind exists only in a sandbox.</exception>
    public Fault Put(string name, FaultSetting setting)
    {
        ArgumentNullException.ThrowIfNull(setting);
        Require(GalleryName.IsValid(name), "a fault's name has 1 to 64 letters, digits, '-', '_' and '.'");
        if (setting.Kind.Reveals() && !settings.Sandbox)
            throw new ProblemException(
                Problem.Forbidden,
                "this fault shows records that an answer would not show: it exists only with --sandbox, whose people are invented");
        Require(setting.Key is not { Length: 0 or > 100 }, "key is the id of a key, without its secret");
        Require(setting.Gallery is not { } gallery || GalleryName.IsValid(gallery), "gallery is the name of a gallery");
        Require(setting.Route is not { Length: 0 or > 200 }, "route is a method and a path, such as 'POST /v1/searches'");
        Require(
            setting.Header is not { } header || header is { Name.Length: >= 1 and <= 100, Value.Length: <= 200 },
            "header has a name of 1 to 100 characters and a value of at most 200");
        Require(
            setting.Script is not { } script || script.Length is >= 1 and <= 1000 && script.All(step => step is 'x' or '.'),
            "script has 1 to 1,000 characters: 'x' for a faulty answer, '.' for one that is well");
        Require(setting.Share is not { } share || share is >= 0 and <= 1, "share lies within 0 … 1");
        Require(setting.Share is null || setting.Script is null, "share and script do not go together");
        Require(!setting.ThenFaulty || setting.Script is not null, "thenFaulty says what comes behind a script, and there is none");
        var most = setting.Kind == FaultKind.LateReceipt ? MostLate : MostSeconds;
        Require(
            setting.Seconds is not { } seconds || (seconds > 0 && seconds <= most), $"seconds lies above 0 and not above {most:0}");
        Require(setting.By is >= -2 and <= 2, "by lies within −2 … 2");
        Require(setting.Rows is >= 1 and <= 100, "rows lies within 1 … 100");
        Require(
            _faults.ContainsKey(name) || _faults.Count < Most, $"there are {Most} faults already; delete one first");
        return _faults[name] = new Fault(name, setting);
    }

    /// <exception cref="ProblemException">There is none of this name.</exception>
    public void Remove(string name)
    {
        if (!_faults.TryRemove(name, out _))
            throw NotFound(name);
    }

    private static ProblemException NotFound(string name) =>
        new(Problem.NotFound, GalleryName.IsValid(name) ? $"there is no fault '{name}'" : "there is no such fault");

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new ProblemException(Problem.BadValue, otherwise);
    }
}
