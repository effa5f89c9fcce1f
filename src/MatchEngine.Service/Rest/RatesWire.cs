using MatchEngine.Rates.Calibrations;

namespace MatchEngine.Service.Rest;

/// <summary>The false match rates at a score. Which of them holds for the person in the photo nobody knows: the truth lies between people
/// at random and the worst group, or above for people whom the data do not stand for.</summary>
/// <param name="RandomPairs">Of people at random: too low for a candidate list, which holds the most alike.</param>
/// <param name="WorstGroup">Within the group with the highest rate of those with enough data; null when no group has enough.</param>
/// <param name="Group">Within the subject's own group, where the gallery's owner recorded sex and race label, the searcher may see them,
/// and the data support that group; else null. It is never guessed from the photo.</param>
public sealed record FmrWire(RateWire RandomPairs, RateWire? WorstGroup, RateWire? Group)
{
    internal static FmrWire? Of(FalseMatchRange? range) => range is null
        ? null
        : new FmrWire(RateWire.Of(range.RandomPairs), RateWire.OrNull(range.WorstGroup), RateWire.OrNull(range.Group));
}

/// <summary>A false match rate of one population.</summary>
/// <param name="Value">The rate, 0 … 1; null where the data cannot support one.</param>
/// <param name="Low">The lower limit of its 95 % interval, by person; null where there is none.</param>
/// <param name="High">The upper limit.</param>
/// <param name="Below">Where <c>value</c> is null: a bound on it, or null when nothing can be said.</param>
/// <param name="Population">Whom it was measured on: the id of one of the answer's <c>populations</c>.</param>
public sealed record RateWire(double? Value, double? Low, double? High, double? Below, string Population)
{
    internal static RateWire Of(FalseMatchRate rate) => new(
        WireJson.Rate(rate.Value), WireJson.Rate(rate.Low), WireJson.Rate(rate.High), WireJson.Rate(rate.Below), rate.Population.Id);

    internal static RateWire? OrNull(FalseMatchRate? rate) => rate is null ? null : Of(rate);
}

/// <summary>The people on whom a rate was measured.</summary>
/// <param name="Id">The name that rates refer to it by.</param>
/// <param name="Description">One sentence: who they are, where labels come from, and whom they do not stand for.</param>
/// <param name="DataSet">The data set.</param>
/// <param name="Restriction">Which pairs of its people: <c>random-pairs</c>, <c>group</c> or <c>worst-group</c>.</param>
/// <param name="Group">The group's name, or null.</param>
/// <param name="People">How many people are in the pairs.</param>
/// <param name="Comparisons">How many comparisons of different people there are.</param>
/// <param name="Labels">Where the labels come from that pairs were chosen by; null where none was used.</param>
/// <param name="NotSupported">What the data cannot tell, in words.</param>
public sealed record PopulationWire(
    string Id, string Description, string DataSet, string Restriction, string? Group, int People, long Comparisons, string? Labels,
    IReadOnlyList<string> NotSupported)
{
    internal static PopulationWire Of(Population population) => new(
        population.Id, population.Description, population.DataSet, population.Restriction.ToCode(), population.Group, population.People,
        population.Comparisons, population.Labels, population.NotSupported);

    internal static IReadOnlyList<PopulationWire> AllOf(FalseMatchRange? range) => [.. FalseMatchRange.PopulationsOf(range).Select(Of)];
}
