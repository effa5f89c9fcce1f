using System.Globalization;

namespace MatchEngine.Rates.Calibrations;

/// <summary>The people on whom a rate was measured. A rate never stands without it.</summary>
/// <param name="DataSet">Name of the data set.</param>
/// <param name="Restriction">Which pairs of its people.</param>
/// <param name="Group">The group's name, such as <c>F, asian</c>; null where there is no group.</param>
/// <param name="People">How many people are in the pairs.</param>
/// <param name="Comparisons">How many comparisons of different people there are.</param>
/// <param name="Labels">Where the labels come from that pairs were chosen by, such as <c>sex hand-checked, race estimated by a
/// machine</c>; null where none was used.</param>
/// <param name="NotSupported">What the data cannot tell, in words: <c>children</c>, <c>profile views</c>.</param>
public sealed record Population(
    string DataSet,
    Restriction Restriction,
    string? Group,
    int People,
    long Comparisons,
    string? Labels,
    IReadOnlyList<string> NotSupported)
{
    /// <summary>A name to refer to it by: <c>lfw-a/same-sex</c>, <c>lfw-a/group/F, asian</c>.</summary>
    public string Id => Group is null ? $"{DataSet}/{Restriction.ToCode()}" : $"{DataSet}/{Restriction.ToCode()}/{Group}";

    /// <summary>Whose pairs they are, in a few words: <c>people at random</c>, <c>people of the group 'F, asian'</c>.</summary>
    public string Pairs => Restriction switch
    {
        Restriction.RandomPairs => "people at random",
        Restriction.SameSex => "people of the same sex",
        Restriction.SameSexAndRace => "people of the same sex and the same race label",
        Restriction.Group => $"people of the group '{Group}'",
        Restriction.WorstGroup => $"people of '{Group}', the group with the highest rate of those with enough data",
        _ => throw new InvalidOperationException($"restriction {Restriction} has no words"),
    };

    /// <summary>One sentence for a reader.</summary>
    public string Description
    {
        get
        {
            var labels = Labels is null ? "" : $"; labels: {Labels}";
            var missing = NotSupported.Count == 0 ? "" : $"; it tells nothing of {string.Join(", ", NotSupported)}";
            return string.Create(
                CultureInfo.InvariantCulture,
                $"measured on {DataSet} only: pairs of different {Pairs}, {Comparisons:N0} comparisons of {People:N0} people"
                    + $"{labels}{missing}");
        }
    }

    /// <inheritdoc/>
    public bool Equals(Population? other) =>
        other is not null
        && (DataSet, Restriction, Group) == (other.DataSet, other.Restriction, other.Group)
        && (People, Comparisons, Labels) == (other.People, other.Comparisons, other.Labels)
        && NotSupported.SequenceEqual(other.NotSupported);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(DataSet, Restriction, Group, People, Comparisons, Labels);
}
