using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Intervals;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Evaluation.Scores;

namespace MatchEngine.Evaluation.Demographics;

/// <summary>
/// Counts of one slicing at one threshold, as rates over subjects. The bootstrap draws subjects once for the rates of all slicings, so its
/// results come back here in the order of <see cref="Rates"/>.
/// </summary>
internal sealed class SlicingCounts
{
    // Beyond this many groups a matrix says little and costs much: it has a cell for each pair.
    private const int MatrixGroups = 16;

    private readonly Comparisons _comparisons;
    private readonly Slicing _slicing;
    private readonly Protocol _protocol;
    private readonly double _threshold;
    private readonly int[] _subjects;
    private readonly int[] _photos;
    private readonly OneWayRate[] _fnmr;
    private readonly OneWayRate[] _fnmrBySubject;
    private readonly OneWayRate[] _withFailures;
    private readonly TwoWayRate[] _fmr;
    private readonly List<(int First, int Second)> _cells = [];
    private readonly TwoWayRate[] _cross;
    private readonly long _unlabelled;

    public SlicingCounts(Comparisons comparisons, Slicing slicing, double threshold, Protocol protocol)
    {
        (_comparisons, _slicing, _threshold, _protocol) = (comparisons, slicing, threshold, protocol);
        var images = comparisons.Images!;
        if (threshold < comparisons.ImpostorFloor)
            throw new EvaluationException(
                $"rates by slice are wanted at score {threshold:G4}, and impostor comparisons are kept from {comparisons.ImpostorFloor:G4} "
                    + "on; choose a lower globalFmr");
        var groups = slicing.Values.Count;
        var withMatrix = groups <= MatrixGroups;
        var valueOf = slicing.ValueOf;
        var count = images.Subjects.Count;

        var present = new HashSet<int>(comparisons.IsAllPairs
            ? comparisons.Compared
            : [.. comparisons.Mated.First, .. comparisons.Mated.Second, .. comparisons.Impostors.First, .. comparisons.Impostors.Second]);
        var photosOf = new int[groups][];
        for (var g = 0; g < groups; g++)
            photosOf[g] = new int[count];
        foreach (var photo in present)
        {
            if (valueOf[photo] < 0)
                _unlabelled++;
            else
                photosOf[valueOf[photo]][images.SubjectOf[photo]]++;
        }
        _subjects = [.. photosOf.Select(p => p.Count(n => n > 0))];
        _photos = [.. photosOf.Select(p => p.Sum())];

        var (errors, trials) = (Counts(), Counts());
        for (var i = 0; i < comparisons.Mated.Count; i++)
        {
            var (a, b) = (comparisons.Mated.First[i], comparisons.Mated.Second[i]);
            var value = valueOf[a];
            if (value < 0 || value != valueOf[b])
                continue;
            trials[value][images.SubjectOf[a]]++;
            if (comparisons.Mated.Scores[i] < threshold)
                errors[value][images.SubjectOf[a]]++;
        }
        _fnmr = [.. Enumerable.Range(0, groups).Select(g => new OneWayRate(errors[g], trials[g]))];
        _fnmrBySubject = [.. Enumerable.Range(0, groups).Select(g => new OneWayRate(errors[g], trials[g], bySubject: true))];

        foreach (var (a, b) in comparisons.FailedMatedPairs())
        {
            if (valueOf[a] < 0 || valueOf[a] != valueOf[b])
                continue;
            trials[valueOf[a]][images.SubjectOf[a]]++;
            errors[valueOf[a]][images.SubjectOf[a]]++;
        }
        _withFailures = [.. Enumerable.Range(0, groups).Select(g => new OneWayRate(errors[g], trials[g]))];

        var falseMatches = new Dictionary<(int, int), SubjectPairCounts>();
        var listed = comparisons.IsAllPairs ? null : new Dictionary<(int, int), SubjectPairCounts>();
        for (var i = 0; i < comparisons.Impostors.Count; i++)
        {
            var (a, b) = (comparisons.Impostors.First[i], comparisons.Impostors.Second[i]);
            var (x, y) = (valueOf[a], valueOf[b]);
            var accepted = comparisons.Impostors.Scores[i] >= threshold;
            if (x < 0 || y < 0 || (x != y && !withMatrix) || (!accepted && listed is null))
                continue;
            var cell = x < y ? (x, y) : (y, x);
            if (accepted)
                At(falseMatches, cell).Add(images.SubjectOf[a], images.SubjectOf[b]);
            if (listed is not null)
                At(listed, cell).Add(images.SubjectOf[a], images.SubjectOf[b]);
        }
        TwoWayRate Rate(int x, int y)
        {
            var found = At(falseMatches, (x, y));
            return listed is not null ? TwoWayRate.OfList(found, At(listed, (x, y)))
                : x == y ? TwoWayRate.WithinGroup(found, photosOf[x])
                : TwoWayRate.AcrossGroups(found, photosOf[x], photosOf[y]);
        }
        _fmr = [.. Enumerable.Range(0, groups).Select(g => Rate(g, g))];
        if (withMatrix)
        {
            for (var x = 0; x < groups; x++)
            {
                for (var y = x + 1; y < groups; y++)
                    _cells.Add((x, y));
            }
        }
        _cross = [.. _cells.Select(c => Rate(c.First, c.Second))];

        long[][] Counts() => [.. Enumerable.Range(0, groups).Select(_ => new long[count])];
        static SubjectPairCounts At(Dictionary<(int, int), SubjectPairCounts> cells, (int, int) cell) =>
            cells.TryGetValue(cell, out var found) ? found : cells[cell] = new SubjectPairCounts();
    }

    /// <summary>The rates for which intervals are wanted, in the order that <see cref="Result"/> expects.</summary>
    public IEnumerable<SubjectRate> Rates => [.. _fmr, .. _fnmr, .. _fnmrBySubject, .. _withFailures, .. _cross];

    /// <summary>Puts rates and intervals together.</summary>
    /// <param name="bootstrap">One result for each of <see cref="Rates"/>; null without a bootstrap.</param>
    public SlicingResult Result(IReadOnlyList<BootstrapResult>? bootstrap)
    {
        var groups = _slicing.Values.Count;
        RateEstimate Estimate(SubjectRate rate, int index) =>
            bootstrap is null ? rate.Undrawn() : bootstrap[index].ToEstimate();
        bool IsMarked(int g) => _subjects[g] < _protocol.MinimumSubjects;
        bool IsFnmrMarked(int g) => IsMarked(g) || _fnmr[g].Subjects < _protocol.MinimumSubjects;
        var named = _slicing.ReferenceIn(_protocol);
        var reference = named >= 0 ? named : GroupRatio.Largest(_fmr, IsMarked);
        var fmrRatios = GroupRatio.Of(_fmr, bootstrap?.Take(groups).ToArray(), reference, IsMarked);
        var fnmrRatios = GroupRatio.Of(_fnmr, bootstrap?.Skip(groups).Take(groups).ToArray(), reference, IsFnmrMarked);
        var slices = new List<SliceRates>();
        for (var g = 0; g < groups; g++)
        {
            var (fmr, fnmr, mean) = (g, groups + g, 2 * groups + g);
            slices.Add(new SliceRates(
                _slicing.By,
                _slicing.Values[g],
                _subjects[g],
                _photos[g],
                Estimate(_fmr[g], fmr),
                Estimate(_fnmr[g], fnmr),
                _fnmrBySubject[g].Rate,
                bootstrap is not null && _fnmrBySubject[g].Errors > 0 ? bootstrap[mean].ToInterval() : null,
                IsMarked(g),
                _fnmr[g].Subjects,
                _fnmr[g].Subjects < _protocol.MinimumSubjects,
                fmrRatios[g],
                fnmrRatios[g],
                Estimate(_withFailures[g], 3 * groups + g)));
        }
        var matrix = new List<CrossDemographicCell>();
        if (_cells.Count > 0 || groups == 1)
        {
            for (var g = 0; g < groups; g++)
                matrix.Add(new CrossDemographicCell(_slicing.Values[g], _slicing.Values[g], slices[g].Fmr, IsMarked(g)));
            for (var c = 0; c < _cells.Count; c++)
                matrix.Add(new CrossDemographicCell(
                    _slicing.Values[_cells[c].First], _slicing.Values[_cells[c].Second], Estimate(_cross[c], 4 * groups + c),
                    IsMarked(_cells[c].First) || IsMarked(_cells[c].Second)));
        }
        var compared = slices.Where(s => !s.IsMarked).ToArray();
        var both = compared.Where(s => s.Fmr.Trials > 0 && !s.IsFnmrMarked).ToArray();
        var (fmrs, fnmrs) = (both.Select(s => s.Fmr.Rate).ToArray(), both.Select(s => s.Fnmr.Rate).ToArray());
        return new SlicingResult(
            _slicing.By,
            _threshold,
            reference < 0 ? null : _slicing.Values[reference],
            named < 0,
            slices,
            new SliceRemainder(
                _slicing.By,
                _comparisons.MatedScores.Total - slices.Sum(s => s.Fnmr.Trials),
                _comparisons.MatedScores.CountBelow(_threshold) - slices.Sum(s => s.Fnmr.Errors),
                _comparisons.ImpostorScores.Total - slices.Sum(s => s.Fmr.Trials),
                _comparisons.ImpostorScores.CountAtOrAbove(_threshold) - slices.Sum(s => s.Fmr.Errors),
                _unlabelled),
            matrix,
            Differentials.Of(compared.Select(s => (s.Value, s.Fmr))),
            Differentials.Of(compared.Where(s => !s.IsFnmrMarked).Select(s => (s.Value, s.Fnmr))),
            both.Length < 2 ? null : Differentials.FairnessDiscrepancyRate(fmrs, fnmrs, _protocol.Alpha),
            both.Length < 2 ? null : Differentials.InequityRate(fmrs, fnmrs, _protocol.Alpha),
            both.Length < 2 ? null : Differentials.Garbe(fmrs, fnmrs, _protocol.Alpha));
    }
}
