using MatchEngine.Evaluation.Demographics;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Intervals;
using MatchEngine.Evaluation.Protocols;

namespace MatchEngine.Evaluation.Acquisition;

/// <summary>
/// Photos of which no template could be made, by slice and reason, as rates over subjects. Nothing is counted where nothing was refused.
/// </summary>
internal sealed class RefusalCounts
{
    private readonly List<(Slicing? Slicing, string Reason, OneWayRate[] Rates, int Place)> _parts = [];
    private readonly Protocol _protocol;
    private readonly Slicing?[] _slicings;
    private readonly int _count;

    /// <summary>Counts.</summary>
    /// <param name="images">The photos.</param>
    /// <param name="tried">Those of which a template was wanted.</param>
    /// <param name="faults">Those of which there is none.</param>
    /// <param name="slicings">The slicings.</param>
    /// <param name="protocol">The reference groups, and how many subjects a group needs.</param>
    public RefusalCounts(
        DataSet images, IReadOnlyCollection<int> tried, IReadOnlyList<AcquisitionFault> faults, IReadOnlyList<Slicing> slicings,
            Protocol protocol)
    {
        _protocol = protocol;
        _slicings = [null, .. slicings];
        if (faults.Count == 0)
            return;
        var reasonOf = faults.Where(f => images.IndexOf(f.Image) >= 0).ToDictionary(f => images.IndexOf(f.Image), f => f.Reason);
        foreach (var slicing in _slicings)
        {
            foreach (var reason in reasonOf.Values.Distinct().Order(StringComparer.Ordinal).Prepend(RefusalSlicing.AnyReason))
            {
                var groups = slicing?.Values.Count ?? 1;
                var errors = Enumerable.Range(0, groups).Select(_ => new long[images.Subjects.Count]).ToArray();
                var trials = Enumerable.Range(0, groups).Select(_ => new long[images.Subjects.Count]).ToArray();
                foreach (var photo in tried)
                {
                    var group = slicing?.ValueOf[photo] ?? 0;
                    if (group < 0)
                        continue;
                    trials[group][images.SubjectOf[photo]]++;
                    if (reasonOf.TryGetValue(photo, out var own) && (reason == RefusalSlicing.AnyReason || reason == own))
                        errors[group][images.SubjectOf[photo]]++;
                }
                var rates = Enumerable.Range(0, groups).Select(g => new OneWayRate(errors[g], trials[g])).ToArray();
                _parts.Add((slicing, reason, rates, _count));
                _count += rates.Length;
            }
        }
    }

    /// <summary>The rates for which intervals are wanted, in the order that <see cref="Result"/> expects.</summary>
    public IEnumerable<SubjectRate> Rates => _parts.SelectMany(p => p.Rates);

    /// <summary>Puts rates and intervals together.</summary>
    public IReadOnlyList<RefusalSlicing> Result(IReadOnlyList<BootstrapResult>? bootstrap)
    {
        var result = new List<RefusalSlicing>();
        foreach (var slicing in _slicings)
        {
            var own = _parts.Where(p => ReferenceEquals(p.Slicing, slicing)).ToArray();
            if (own.Length == 0)
                continue;
            bool IsMarked(int g) => own[0].Rates[g].Subjects < _protocol.MinimumSubjects;
            var named = slicing?.ReferenceIn(_protocol) ?? -1;
            var reference = slicing is null ? -1 : named >= 0 ? named : GroupRatio.Largest(own[0].Rates, IsMarked);
            var rows = new List<Refusal>();
            foreach (var (_, reason, rates, place) in own)
            {
                var drawn = bootstrap?.Skip(place).Take(rates.Length).ToArray();
                var ratios = GroupRatio.Of(rates, drawn, reference, IsMarked);
                for (var g = 0; g < rates.Length; g++)
                {
                    rows.Add(new Refusal(
                        slicing?.Values[g] ?? RefusalSlicing.Everybody,
                        reason,
                        rates[g].Subjects,
                        drawn is null ? rates[g].Undrawn() : drawn[g].ToEstimate(),
                        IsMarked(g),
                        // One question a group: is it refused more often? The reasons explain it and are no tests of their own.
                        reason == RefusalSlicing.AnyReason ? ratios[g] : ratios[g] is { } ratio ? ratio with { PValue = null } : null));
                }
            }
            result.Add(new RefusalSlicing(
                slicing?.By ?? RefusalSlicing.Everybody, reference < 0 ? null : slicing!.Values[reference], named < 0, rows));
        }
        return result;
    }
}
