using System.Globalization;
using MatchEngine.Evaluation.Demographics;
using MatchEngine.Evaluation.Intervals;

namespace MatchEngine.Evaluation.Reports;

/// <summary>What the ratios of the groups of one slicing show, in sentences.</summary>
internal static class GroupConclusions
{
    /// <summary>One group of a slicing in one rate.</summary>
    /// <param name="Value">The group.</param>
    /// <param name="Rate">Its rate.</param>
    /// <param name="Takes">Whether it has subjects enough to take part.</param>
    /// <param name="Ratio">Its ratio to the reference group, or null.</param>
    public sealed record Group(string Value, RateEstimate Rate, bool Takes, GroupRatio? Ratio);

    /// <summary>
    /// The sentences: what could have been found, which groups differ from the reference group and by how much, and what remains when
    /// everything that was looked at is allowed for.
    /// </summary>
    /// <param name="by">The columns.</param>
    /// <param name="name">The rate's name.</param>
    /// <param name="reference">The reference group, or null.</param>
    /// <param name="isChosen">Whether it was chosen as the largest one.</param>
    /// <param name="groups">All groups.</param>
    /// <param name="lookedAt">How many ratios were tested in the whole report.</param>
    public static IEnumerable<string> Of(
        string by, string name, string? reference, bool isChosen, IReadOnlyList<Group> groups, int lookedAt)
    {
        var taking = groups.Where(g => g.Takes && g.Rate.Trials > 0).ToArray();
        if (taking.Length < 2)
            yield break;
        if (taking.All(g => g.Rate.Errors == 0))
        {
            yield return $"By {by}, no group has an error in {name}: nothing can be said of a difference.";
            yield break;
        }
        if (reference is null || Array.Find(taking, g => g.Value == reference) is not { } basis)
        {
            yield return $"By {by}, {name} of the groups is not compared: "
                + (reference is null ? "there is no reference group." : $"the reference group {reference} has too few subjects.");
            yield break;
        }
        var others = taking.Where(g => g.Value != reference && g.Ratio is not null).ToArray();
        var against = $"{(isChosen ? "the largest group, " : "")}{reference} ({basis.Rate})";
        if (others.All(g => g.Ratio!.Detectable is null && g.Ratio.PValue is null))
        {
            yield return $"By {by}, {name} is not compared: "
                + (basis.Rate.Errors == 0 ? $"{reference}, the group to compare with, has no error."
                    : others.All(g => g.Ratio!.Value is null)
                        ? "no other group has an error, and fewer than five were to be expected."
                        : "without draws of subjects a difference cannot be told from chance.");
            yield break;
        }
        yield return $"By {by}, {name} of {Plural(others.Length, "group")} was looked at against {against}. {Power(others)}";
        var differing = others.Where(g => g.Ratio!.Differs).OrderByDescending(g => g.Ratio!.Value).ToArray();
        var zero = others.Where(g => g.Ratio is { Value: null }).ToArray();
        var rest = others.Except(differing).Except(zero).ToArray();
        if (differing.Length > 0)
        {
            var remaining = differing.Where(g => g.Ratio!.DiffersAfterHolm).Select(g => g.Value).ToArray();
            yield return $"{Capital(name)} by {by} differs from that of {reference} for {string.Join("; ", differing.Select(Describe))}. "
                + (lookedAt == 1 ? "It is the only ratio that was looked at."
                    : remaining.Length == differing.Length ? $"With Holm's correction for the {lookedAt} ratios of this report "
                        + (differing.Length == 1 ? "it remains." : "all of these remain.")
                    : remaining.Length == 0 ? $"With Holm's correction for the {lookedAt} ratios of this report none of these remains."
                    : $"With Holm's correction for the {lookedAt} ratios of this report {string.Join(", ", remaining)} "
                        + (remaining.Length == 1 ? "remains." : "remain."));
        }
        if (rest.Length > 0)
            yield return $"{Capital(name)} by {by} is not shown to differ from that of {reference} for "
                + $"{string.Join("; ", rest.Select(Describe))}.";
        if (zero.Length > 0)
            yield return $"{Capital(name)} by {by} has no ratio for {string.Join("; ", zero.Select(g => $"{g.Value} ({g.Rate})"))}: "
                + (basis.Rate.Errors == 0 ? $"{reference} has no error." : "no error was seen.");
    }

    // Stated before any result: what the numbers of trials would have let one see.
    private static string Power(Group[] others)
    {
        var known = others.Where(g => g.Ratio!.Detectable is not null).OrderBy(g => g.Ratio!.Detectable).ToArray();
        var none = others.Where(g => g.Ratio!.Detectable is null).Select(g => g.Value).ToArray();
        var range = known.Length switch
        {
            0 => "",
            1 => $"A ratio of {Number(known[0].Ratio!.Detectable!.Value)} would have been found in 80 of 100 such sets ({known[0].Value}).",
            _ => $"Ratios from {Number(known[0].Ratio!.Detectable!.Value)} ({known[0].Value}) to "
                + $"{Number(known[^1].Ratio!.Detectable!.Value)} ({known[^1].Value}) would have been found in 80 of 100 such sets.",
        };
        return range + (none.Length == 0 ? ""
            : $"{(range.Length > 0 ? " " : "")}For {string.Join(", ", none)} fewer than five errors were to be expected: only a huge "
                + "difference would show.");
    }

    private static string Describe(Group group) => $"{group.Value}, {Number(group.Ratio!.Value!.Value)} times as "
        + $"high{Range(group.Ratio.Range)}";

    private static string Range(Interval? range) => range switch
    {
        null => "",
        { High: var high, Low: var low } when !double.IsFinite(high) => $" (from {Number(low)})",
        { } r => $" ({Number(r.Low)} … {Number(r.High)})",
    };

    private static string Capital(string name) => char.ToUpperInvariant(name[0]) + name[1..];

    private static string Plural(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";

    // A ratio of a thousand or a thousandth is a number of one error or none; its digits say nothing.
    private static string Number(double value) => value switch
    {
        >= 999.5 => "over 1000",
        > 0 and < 0.001 => "below 0.001",
        _ => value.ToString("G3", CultureInfo.InvariantCulture),
    };
}
