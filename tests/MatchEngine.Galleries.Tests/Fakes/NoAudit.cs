using MatchEngine.Galleries.Audit;

namespace MatchEngine.Galleries.Tests.Fakes;

/// <summary>The record of changes of which nobody keeps an account: what a test does to a folder of its own.</summary>
internal static class NoAudit
{
    public static ChangeRecord Record => ChangeJournal.None.Record;

    /// <summary>The same for what asks for a record at each step.</summary>
    public static ChangeRecord Next() => Record;
}
