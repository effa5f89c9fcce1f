using System.Globalization;
using MatchEngine.Evaluation.Inputs;

namespace MatchEngine.Evaluation.Scores;

/// <summary>
/// Sorts rows of a score file into mated and impostor comparisons and finds the rows that cannot be used. Two photos are compared once:
/// a row that stands twice, or once more with probe and reference changed over, is no further evidence.
/// </summary>
public sealed class ComparisonsBuilder(DataSet? images, InputFaults faults, bool distances = false)
{
    private const byte MatedRow = 1;
    private const byte FailedRow = 2;
    private const byte Dropped = 4;

    private readonly List<int> _first = [];
    private readonly List<int> _second = [];
    private readonly List<double> _scores = [];
    private readonly List<byte> _states = [];
    private readonly List<long> _lines = [];
    private readonly Dictionary<long, int> _rowOf = [];

    // Numbers of photos that no metadata names, and their subjects where the score file names those.
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];
    private readonly List<string?> _subjects = [];
    private readonly SortedDictionary<string, long> _leftOut = new(StringComparer.Ordinal);

    /// <summary>Takes a row. <paramref name="mated"/> is null where the metadata decides.</summary>
    public void Add(string file, long line, string? probe, string? reference, double score, bool? mated, bool failed = false)
    {
        if (!failed && !double.IsFinite(score))
        {
            faults.Add(file, line, "not a number", $"the score is {Number(score)}; a score is a finite number");
            return;
        }
        if (probe is null || reference is null)
        {
            Keep(-1, -1, line, score, mated, file, failed);
            return;
        }
        if (string.Equals(probe, reference, StringComparison.Ordinal))
        {
            LeaveOut("photo compared with itself");
            return;
        }
        var (first, second) = (NumberOf(probe), NumberOf(reference));
        if (first < 0 || second < 0)
        {
            faults.Add(
                file, line, "unknown image", $"image '{(first < 0 ? probe : reference)}' is not in the metadata of '{images!.Name}'");
            return;
        }
        if (images is not null)
        {
            var truth = images.SubjectOf[first] == images.SubjectOf[second];
            if (mated is { } said && said != truth)
            {
                faults.Add(
                    file, line, "contradiction",
                    $"the row says {(said ? "mated" : "non-mated")}, the metadata of '{images.Name}' "
                        + $"says otherwise of '{probe}' and '{reference}'");
                return;
            }
            mated = truth;
        }
        if (_rowOf.TryGetValue(Key(first, second), out var same) && mated is not null)
        {
            if (State(mated.Value, failed) == _states[same] && (failed || score.Equals(_scores[same])))
                faults.Add(file, line, "duplicate row", $"the comparison of '{probe}' and '{reference}' stands twice");
            else
                Contradict(file, line, same, probe, reference);
            return;
        }
        if (_rowOf.TryGetValue(Key(second, first), out var mirrored) && mated is { } now && now != (_states[mirrored] & MatedRow) > 0)
        {
            Contradict(file, line, mirrored, probe, reference);
            return;
        }
        Keep(first, second, line, score, mated, file, failed);
    }

    /// <summary>Takes the subject of a photo that no metadata names.</summary>
    /// <returns>Whether nothing else was said of the photo before.</returns>
    public bool Name(string file, long line, string photo, string subject)
    {
        var number = NumberOf(photo);
        if (_subjects[number] is { } known && known != subject)
        {
            faults.Add(file, line, "contradiction", $"'{photo}' is of '{subject}' here and of '{known}' above");
            return false;
        }
        _subjects[number] = subject;
        return true;
    }

    /// <summary>The comparisons taken so far.</summary>
    /// <param name="name">Name of the data set that is made of the file's own subjects, where there is no metadata.</param>
    public Comparisons Build(string name = "scores")
    {
        var set = images ?? (_names.Count > 0 && _subjects.TrueForAll(s => s is not null)
            ? new DataSet(name, _names, [.. _subjects.Select(s => s!)])
            : null);
        DropMirrored();
        var (mated, impostors) = (new PairList(), new PairList());
        var (failedMated, failedImpostors, named) = (0L, 0L, false);
        var failedPairs = new List<(int, int)>();
        for (var row = 0; row < _states.Count; row++)
        {
            var state = _states[row];
            if ((state & Dropped) > 0)
                continue;
            named |= _first[row] >= 0;
            if (state == (MatedRow | FailedRow) && _first[row] >= 0)
                failedPairs.Add((_first[row], _second[row]));
            if ((state & FailedRow) > 0)
                _ = (state & MatedRow) > 0 ? failedMated++ : failedImpostors++;
            else
                ((state & MatedRow) > 0 ? mated : impostors).Add(
                    set is null ? -1 : _first[row], set is null ? -1 : _second[row], _scores[row]);
        }
        // A file that names no photos has nothing to do with the metadata, whatever was given with it.
        var used = named ? set : null;
        return new Comparisons(used, Ordered(used, mated), Ordered(used, impostors))
        {
            FailedMated = failedMated,
            FailedImpostors = failedImpostors,
            ListedFailedMated = used is null ? [] : failedPairs,
            LeftOut = _leftOut,
            Qualities = Qualities(used),
            UnusedDataSet = used is null ? images?.Name : null,
        };
    }

    private void Keep(int first, int second, long line, double score, bool? mated, string file, bool failed)
    {
        if (mated is not { } isMated)
        {
            faults.Add(
                file, line, "mated unknown",
                "nothing says whether the comparison is mated: give a column 'mated', or metadata with the subjects");
            return;
        }
        if (first >= 0)
            _rowOf.Add(Key(first, second), _states.Count);
        _first.Add(first);
        _second.Add(second);
        _scores.Add(failed ? 0 : distances ? -score : score);
        _states.Add(State(isMated, failed));
        _lines.Add(line);
    }

    // Which of two rows that contradict each other is right cannot be known: neither is used, and both are named.
    private void Contradict(string file, long line, int earlier, string probe, string reference)
    {
        faults.Add(
            file, line, "contradicting rows",
            $"the comparison of '{probe}' and '{reference}' stands in line {_lines[earlier]} with another outcome; neither is used");
        if ((_states[earlier] & Dropped) > 0)
            return;
        faults.Add(
            file, _lines[earlier], "contradicting rows",
            $"the comparison of '{probe}' and '{reference}' stands in line {line} with another outcome; neither is used");
        _states[earlier] |= Dropped;
    }

    // Of (a, b) and (b, a) the one whose probe stands first by name is kept, so that the order of the rows plays no part.
    private void DropMirrored()
    {
        for (var row = 0; row < _states.Count; row++)
        {
            if (_first[row] < 0 || (_states[row] & Dropped) > 0 || !_rowOf.TryGetValue(Key(_second[row], _first[row]), out var other)
                || (_states[other] & Dropped) > 0)
                continue;
            var names = images?.Images ?? _names;
            LeaveOut(_scores[row].Equals(_scores[other]) ? "mirrored row" : "mirrored row with another score");
            _states[string.CompareOrdinal(names[_first[row]], names[_second[row]]) < 0 ? other : row] |= Dropped;
        }
    }

    private int NumberOf(string photo)
    {
        if (images is not null)
            return images.IndexOf(photo);
        if (_numbers.TryGetValue(photo, out var number))
            return number;
        _names.Add(photo);
        _subjects.Add(null);
        return _numbers[photo] = _names.Count - 1;
    }

    private void LeaveOut(string reason) => _leftOut[reason] = _leftOut.GetValueOrDefault(reason) + 1;

    private static byte State(bool mated, bool failed) => (byte)((mated ? MatedRow : 0) | (failed ? FailedRow : 0));

    private static long Key(int first, int second) => ((long)first << 32) | (uint)second;

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);

    // By the names of the photos: sums of scores must not depend on the order of the rows in their last bits.
    private static PairList Ordered(DataSet? set, PairList pairs)
    {
        var place = new int[set?.Images.Count ?? 0];
        if (set is not null)
        {
            var byName = Enumerable.Range(0, place.Length).OrderBy(photo => set.Images[photo], StringComparer.Ordinal).ToArray();
            for (var rank = 0; rank < byName.Length; rank++)
                place[byName[rank]] = rank;
        }
        var order = new int[pairs.Count];
        var keys = new (long Pair, double Score)[pairs.Count];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
            keys[i] = (pairs.First[i] < 0 ? 0 : ((long)place[pairs.First[i]] << 32) | (uint)place[pairs.Second[i]], pairs.Scores[i]);
        }
        Array.Sort(keys, order);
        var ordered = new PairList();
        foreach (var i in order)
            ordered.Add(pairs.First[i], pairs.Second[i], pairs.Scores[i]);
        return ordered;
    }

    // Scores come without photos, so their quality can only stand in the metadata.
    private static double[]? Qualities(DataSet? set) => set is null || !set.ColumnNames.Contains("quality")
        ? null
        : [.. set.Column("quality").Select(text => DelimitedRows.TryNumber(text, out var quality) ? quality : double.NaN)];
}
