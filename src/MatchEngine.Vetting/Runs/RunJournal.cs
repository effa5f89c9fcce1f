using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MatchEngine.Vetting.Runs;

/// <summary>
/// What came of each step of a run, a line of JSON each, appended the moment it is known. A run that is killed goes on from it: what stands
/// there is not asked again, and so not counted twice. Each line holds the digest of all before it, so that one that was changed or taken
/// out is noticed.
/// </summary>
public sealed class RunJournal : IDisposable
{
    /// <summary>The longest line that is read, in bytes.</summary>
    public const int LongestLine = 4 << 20;

    private const string Begin = "run";

    private readonly FileStream _file;
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Step, string Name), string> _outcomes = [];
    private byte[] _chain = [];

    private RunJournal(FileStream file) => _file = file;

    /// <summary>How many outcomes stood there when it was opened.</summary>
    public int Resumed { get; private set; }

    /// <summary>Opens a run's journal, or begins it.</summary>
    /// <param name="file">The file; no other run can open it meanwhile.</param>
    /// <param name="run">What makes the run this one and no other: data, protocol, target, settings.</param>
    /// <exception cref="VettingException">
    /// The file belongs to another run, was changed, or is in use; the message says which.
    /// </exception>
    public static RunJournal Open(string file, string run)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(file);
        ArgumentException.ThrowIfNullOrWhiteSpace(run);
        FileStream stream;
        try
        {
            stream = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new VettingException(
                $"{file}: the run's journal cannot be opened ({error.Message}); is another run at work there?", error);
        }
        var journal = new RunJournal(stream);
        try
        {
            journal.Read(file);
            var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(run)));
            if (journal._outcomes.TryGetValue((Begin, ""), out var began))
            {
                if (JsonSerializer.Deserialize<string>(began, VettingJson.Line) != digest)
                    throw new VettingException(
                        $"{file} belongs to a run with another target, data set, protocol or "
                            + "setting; name another folder, or take it away");
                journal.Resumed = journal._outcomes.Count - 1;
            }
            else
                journal.Append(Begin, "", digest);
            return journal;
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    /// <summary>What came of a step, if it was done already.</summary>
    /// <param name="step">The step.</param>
    /// <param name="name">What it was done with.</param>
    /// <typeparam name="T">What it gives.</typeparam>
    /// <returns>The outcome; null when it was not done.</returns>
    public T? Known<T>(string step, string name)
        where T : class
    {
        lock (_gate)
            return _outcomes.TryGetValue((step, name), out var value) ? JsonSerializer.Deserialize<T>(value, VettingJson.Line) : null;
    }

    /// <summary>Does a step, unless it was done already.</summary>
    /// <param name="step">The step.</param>
    /// <param name="name">What it is done with; no two callers at once with the same.</param>
    /// <param name="make">Does it; null is no outcome and is not written down.</param>
    /// <typeparam name="T">What it gives: plain data.</typeparam>
    /// <returns>What came of it, now or then.</returns>
    public async Task<T?> OnceAsync<T>(string step, string name, Func<Task<T?>> make)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(make);
        if (Known<T>(step, name) is { } known)
            return known;
        if (await make() is not { } made)
            return null;
        Append(step, name, made);
        return made;
    }

    /// <summary>
    /// SHA-256 over the outcomes of some steps in order of step and name: the same for a run that was interrupted and for one that was not.
    /// </summary>
    /// <param name="steps">Which steps: those whose outcomes hold no time.</param>
    public string OutcomesDigest(IReadOnlyCollection<string> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        lock (_gate)
        {
            foreach (var ((step, name), value) in _outcomes.Where(o => steps.Contains(o.Key.Step))
                .OrderBy(o => o.Key.Step, StringComparer.Ordinal)
                .ThenBy(o => o.Key.Name, StringComparer.Ordinal))
                digest.AppendData(Encoding.UTF8.GetBytes(step + "\t" + name + "\t" + value + "\n"));
        }
        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void Append<T>(string step, string name, T value)
    {
        var text = JsonSerializer.Serialize(value, VettingJson.Line);
        lock (_gate)
        {
            if (!_outcomes.TryAdd((step, name), text))
                throw new InvalidOperationException($"{step} of '{name}' was done twice");
            var chain = Chained(step, name, text);
            var line = Encoding.UTF8.GetBytes(new JsonObject
            {
                ["step"] = step, ["name"] = name, ["value"] = JsonNode.Parse(text), ["chain"] = Convert.ToHexStringLower(chain),
            }.ToJsonString(VettingJson.Line) + "\n");
            _file.Write(line);
            _file.Flush();
            _chain = chain;
        }
    }

    private void Read(string file)
    {
        var (line, number, whole) = (new MemoryStream(), 0, 0L);
        var buffer = new byte[1 << 16];
        for (int read; (read = _file.Read(buffer)) > 0;)
        {
            var rest = buffer.AsSpan(0, read);
            for (int end; (end = rest.IndexOf((byte)'\n')) >= 0; rest = rest[(end + 1)..])
            {
                line.Write(rest[..end]);
                Take(file, ++number, line.ToArray());
                whole += line.Length + 1;
                line.SetLength(0);
            }
            line.Write(rest);
            if (line.Length > LongestLine)
                throw new VettingException($"{file}:{number + 1}: the line is longer than any that a run writes");
        }
        // What was being written when the run was killed: that step is done again.
        _file.SetLength(whole);
        _file.Position = whole;
    }

    private void Take(string file, int number, byte[] line)
    {
        try
        {
            var entry = JsonNode.Parse(line)!.AsObject();
            var (step, name) = (entry["step"]!.GetValue<string>(), entry["name"]!.GetValue<string>());
            var text = entry["value"]!.ToJsonString(VettingJson.Line);
            var chain = Chained(step, name, text);
            if (Convert.ToHexStringLower(chain) == entry["chain"]!.GetValue<string>() && _outcomes.TryAdd((step, name), text))
            {
                _chain = chain;
                return;
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or NullReferenceException or FormatException)
        {
            throw new VettingException($"{file}:{number}: this is no line of a run's journal ({error.Message})", error);
        }
        throw new VettingException($"{file}:{number}: the journal was changed here, so nothing after it can be believed; begin anew");
    }

    private byte[] Chained(string step, string name, string text) =>
        SHA256.HashData([.. _chain, .. Encoding.UTF8.GetBytes(step + "\t" + name + "\t" + text)]);
}
