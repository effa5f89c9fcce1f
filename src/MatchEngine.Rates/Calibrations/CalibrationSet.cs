using System.Diagnostics.CodeAnalysis;

namespace MatchEngine.Rates.Calibrations;

/// <summary>All calibrations of a model's card, each with its population. That of random pairs is always there, and the first.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "a set in the sense of a card, not a collection type")]
public sealed class CalibrationSet
{
    private readonly Calibration[] _all;

    /// <summary>Takes the calibrations of a card.</summary>
    /// <param name="calibrations">One for each population; those of random pairs lead.</param>
    /// <exception cref="ArgumentException">None is of random pairs, a population stands there twice, or there are two worst
    /// groups.</exception>
    public CalibrationSet(IReadOnlyList<Calibration> calibrations)
    {
        ArgumentNullException.ThrowIfNull(calibrations);
        if (calibrations.GroupBy(c => c.Population.Id, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new ArgumentException($"the population '{twice.Key}' stands there twice", nameof(calibrations));
        RandomPairs = Only(calibrations, Restriction.RandomPairs)
            ?? throw new ArgumentException("there is no calibration of random pairs", nameof(calibrations));
        WorstGroup = Only(calibrations, Restriction.WorstGroup);
        _all = [.. calibrations.OrderBy(c => c.Population.Restriction).ThenBy(c => c.Population.Group, StringComparer.Ordinal)];
    }

    /// <summary>All of them: random pairs, same sex, same sex and race, groups by name, the worst group.</summary>
    public IReadOnlyList<Calibration> All => _all;

    /// <summary>That of people at random.</summary>
    public Calibration RandomPairs { get; }

    /// <summary>That of the worst group with enough data; null when no group has.</summary>
    public Calibration? WorstGroup { get; }

    /// <summary>
    /// The calibration of a group whose label the gallery's owner recorded; never to be asked with a label that was guessed from the photo.
    /// </summary>
    /// <param name="group">The group's name, as the card has it.</param>
    /// <returns>Null where the data do not support that group: the range is then all that can be said.</returns>
    public Calibration? OfGroup(string group) =>
        Array.Find(_all, c => c.Population.Restriction == Restriction.Group && c.Population.Group == group);

    /// <summary>What a score is worth.</summary>
    /// <param name="score">The score.</param>
    /// <param name="group">The group that the gallery's owner recorded, see <see cref="OfGroup"/>; null where nobody did.</param>
    public FalseMatchRange At(double score, string? group = null) =>
        new(RandomPairs.At(score), WorstGroup?.At(score), group is null ? null : OfGroup(group)?.At(score));

    private static Calibration? Only(IReadOnlyList<Calibration> calibrations, Restriction restriction)
    {
        var found = calibrations.Where(c => c.Population.Restriction == restriction).Take(2).ToList();
        return found.Count < 2
            ? found.SingleOrDefault()
            : throw new ArgumentException($"there are two calibrations of {restriction.ToCode()}", nameof(calibrations));
    }
}
