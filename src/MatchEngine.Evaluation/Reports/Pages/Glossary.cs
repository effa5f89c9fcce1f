namespace MatchEngine.Evaluation.Reports.Pages;

/// <summary>The words of the page, for a reader who is new to the field (terms of ISO/IEC 2382-37 and NIST's FRTE).</summary>
internal static class Glossary
{
    private static readonly (string Term, string Meaning)[] Everywhere =
    [
        ("Score, threshold", "A score says how alike two faces are to the system; at or above the threshold a comparison is accepted."),
        ("Mated, impostor", "Mated: two photos of one person. Impostor, or non-mated: of two people."),
        ("Subject", "A person in the data set. By subject: every person has the same weight, however many photos there are of them."),
        ("Interval",
            "95 %: if the whole test were repeated with other people like these, 95 of 100 such intervals would hold the true rate. "
            + "People are drawn, not comparisons, since the comparisons of one person are alike."),
        ("0 of n, below b", "No error was seen, which does not mean that there is none: the rate may be as high as b."),
        ("Supported", "A threshold is given, and a curve drawn, only where about ten errors stand behind it."),
        ("Ratio, Holm",
            "The rate of a group over that of the reference group. Of many ratios some differ by chance; Holm's correction says "
            + "which still do when all are taken together."),
        ("Detectable", "The smallest ratio that 80 of 100 tests of this size would show."),
    ];

    private static readonly (string Term, string Meaning)[] Comparisons =
    [
        ("FMR", "False match rate: the share of impostor comparisons that are accepted."),
        ("FNMR", "False non-match rate: the share of mated comparisons that are rejected."),
        ("EER", "Equal error rate: where FMR and FNMR are the same."),
        ("DET", "The trade-off of both errors as the threshold moves."),
    ];

    private static readonly (string Term, string Meaning)[] Searches =
    [
        ("FPIR", "False positive identification rate: the share of searches of people who are not enrolled that return somebody."),
        ("FNIR", "False negative identification rate: the share of searches of enrolled people that do not return them."),
        ("Rank", "The place in the candidate list; among equal scores the person searched for stands last."),
        ("Lead", "A candidate at or above the floor. It is a lead, never an identification."),
        ("Selectivity", "How many candidates a search of somebody who is not enrolled returns on average."),
    ];

    /// <summary>The terms that a page of this kind uses.</summary>
    public static IEnumerable<(string Term, string? Meaning)> For(bool searches) =>
        (searches ? Searches : Comparisons).Concat(Everywhere).Select(t => (t.Term, (string?)t.Meaning));
}
