namespace MatchEngine.Vetting.Targets;

/// <summary>What can be asked of a target, and of all else why not.</summary>
public sealed class TargetAbilities
{
    private readonly Dictionary<Ability, string> _missing;

    private TargetAbilities(Dictionary<Ability, string> missing, ScoreScale scores) => (_missing, Scores) = (missing, scores);

    /// <summary>What the scores mean.</summary>
    public ScoreScale Scores { get; }

    /// <summary>What cannot be asked, each with the reason, in words that end a sentence: "the service has no such call".</summary>
    public IReadOnlyDictionary<Ability, string> Missing => _missing;

    /// <summary>All abilities but some.</summary>
    /// <param name="missing">Those that are missing, each with the reason.</param>
    /// <param name="scores">What the scores mean.</param>
    /// <exception cref="ArgumentException">A reason is empty.</exception>
    public static TargetAbilities AllBut(IReadOnlyDictionary<Ability, string> missing, ScoreScale scores)
    {
        ArgumentNullException.ThrowIfNull(missing);
        ArgumentNullException.ThrowIfNull(scores);
        foreach (var (ability, reason) in missing)
            if (string.IsNullOrWhiteSpace(reason))
                throw new ArgumentException($"{ability} is missing without a reason", nameof(missing));
        return new TargetAbilities(new(missing), scores);
    }

    /// <summary>Whether it can be asked.</summary>
    /// <param name="ability">What.</param>
    public bool Has(Ability ability) => !_missing.ContainsKey(ability);

    /// <summary>Why it cannot be asked; null where it can.</summary>
    /// <param name="ability">What.</param>
    public string? WhyNot(Ability ability) => _missing.GetValueOrDefault(ability);
}
