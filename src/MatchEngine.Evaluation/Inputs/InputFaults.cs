namespace MatchEngine.Evaluation.Inputs;

/// <summary>One thing that is wrong with the input.</summary>
/// <param name="File">The file, as it was named by the caller.</param>
/// <param name="Line">The line, counted from 1; 0 when the file as a whole is meant.</param>
/// <param name="Kind">A short fixed name for counting, such as <c>duplicate row</c>.</param>
/// <param name="Reason">What is wrong with this line.</param>
public sealed record InputFault(string File, long Line, string Kind, string Reason);

/// <summary>
/// What was wrong with the input and therefore left out. Strict: the first fault ends the run. Otherwise the rest is evaluated, every fault
/// is counted by kind, and the first ones are kept with file and line for the report.
/// </summary>
/// <param name="strict">Whether the first fault ends the run.</param>
/// <param name="kept">How many faults are kept in full; the rest is only counted.</param>
public sealed class InputFaults(bool strict, int kept = 100)
{
    private readonly List<InputFault> _first = [];
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>Whether the first fault ends the run.</summary>
    public bool Strict => strict;

    /// <summary>The faults in the order they were met, at most as many as are kept.</summary>
    public IReadOnlyList<InputFault> First => _first;

    /// <summary>How many faults of each kind there were, by name.</summary>
    public IReadOnlyDictionary<string, long> Counts => _counts;

    /// <summary>How many faults there were in all.</summary>
    public long Total => _counts.Values.Sum();

    /// <summary>Notes a fault; the caller leaves the line out.</summary>
    /// <exception cref="EvaluationException">The run is strict.</exception>
    public void Add(string file, long line, string kind, string reason)
    {
        if (strict)
            throw new EvaluationException(file, line, reason);
        _counts[kind] = _counts.GetValueOrDefault(kind) + 1;
        if (_first.Count < kept)
            _first.Add(new InputFault(file, line, kind, reason));
    }
}
