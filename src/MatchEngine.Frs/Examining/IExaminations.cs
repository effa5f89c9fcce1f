using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Searching;

namespace MatchEngine.Frs.Examining;

/// <summary>
/// The store of examinations: open → taken → finished, back from taken to open when the examiner gives it up, and from either to withdrawn
/// or expired. Each step takes effect from the right state only, so that of two who try at once one is refused.
/// </summary>
public interface IExaminations
{
    /// <summary>Opens an examination; false when the search has one that is not closed.</summary>
    /// <param name="change">The change with its author and event.</param>
    /// <param name="id">Its id.</param>
    /// <param name="search">The search, whose account and organisation it gets.</param>
    /// <param name="note">What the examiner should know, or null.</param>
    /// <param name="lifetime">How long it may stay open.</param>
    /// <param name="candidates">The candidates.</param>
    bool Add(
        BookChange change, string id, RecordedSearch search, string? note, TimeSpan lifetime, IReadOnlyList<RecordedCandidate> candidates);

    /// <summary>The examination of an id; null when there is none.</summary>
    Examination? Find(string id);

    /// <summary>Examinations, newest first, at most 1,000.</summary>
    /// <param name="organisation">Those of this organisation.</param>
    /// <param name="requester">Only those of this account; null for all.</param>
    /// <param name="state">Only those in this state; null for all.</param>
    IReadOnlyList<Examination> List(string organisation, string? requester, ExaminationState? state);

    /// <summary>The candidates of an examination, in rank order.</summary>
    IReadOnlyList<ExaminedCandidate> Candidates(string id);

    /// <summary>Gives it to an examiner; false when it is not open, or is the examiner's own request.</summary>
    bool Take(BookChange change, string id, string examiner);

    /// <summary>Puts it back for another examiner; what was said of candidates goes, for it is to be another pair of eyes.</summary>
    bool Release(BookChange change, string id, string examiner);

    /// <summary>
    /// What the examiner says of a candidate, in place of what was said before; false when the examination is not the examiner's (any
    /// more).
    /// </summary>
    /// <param name="change">The change with its author and event.</param>
    /// <param name="id">The examination.</param>
    /// <param name="examiner">Who has it.</param>
    /// <param name="rank">The candidate.</param>
    /// <param name="assessment">What is said.</param>
    bool Assess(BookChange change, string id, string examiner, int rank, Assessment assessment);

    /// <summary>Ends it with a result.</summary>
    /// <param name="change">The change with its author and event.</param>
    /// <param name="id">The examination.</param>
    /// <param name="examiner">Who has it.</param>
    /// <param name="comment">The examiner's words on the whole, or null.</param>
    /// <param name="setAsideRest">Whether candidates of which nothing was said are set aside.</param>
    /// <returns>The ranks of which nothing was said: nothing was done then.
    /// Null when the examination is not the examiner's (any more).</returns>
    IReadOnlyList<int>? Finish(BookChange change, string id, string examiner, string? comment, bool setAsideRest);

    /// <summary>Takes it back; false when it is closed, or another account's.</summary>
    bool Withdraw(BookChange change, string id, string requester);

    /// <summary>Ends it when its time is over; false when it is not, or it is closed.</summary>
    bool Expire(BookChange change, string id);

    /// <summary>Those whose time is over and that are not closed yet.</summary>
    IReadOnlyList<string> Overdue();

    /// <summary>Those that are closed and whose probe is not known to be gone.</summary>
    IReadOnlyList<string> Unerased();

    /// <summary>Notes that the probe is gone; false when that was known.</summary>
    bool Erased(BookChange change, string id);
}

/// <summary>What an examiner says of a candidate.</summary>
/// <param name="Kept">Whether the candidate stays on the narrowed list.</param>
/// <param name="Level">How far the photos support that they show one person; needed for a kept candidate, and only there.</param>
/// <param name="Features">Notes by facial feature.</param>
/// <param name="Comment">A note on the whole, or null.</param>
public sealed record Assessment(bool Kept, ExaminationLevel? Level, IReadOnlyDictionary<string, string> Features, string? Comment);
