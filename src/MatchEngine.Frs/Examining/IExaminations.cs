using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Searching;

namespace MatchEngine.Frs.Examining;

/// <summary>
/// The store of examinations: open → taken → finished, back from taken to open when the examiner gives it up, and from either to withdrawn
/// or expired. Each step takes effect from the right state only, so that of two who try at once one is refused.
/// </summary>
public interface IExaminations
{
    /// <summary>Opens an examination; false when the search has one of these examiners that is not closed.</summary>
    /// <param name="change">The change with its author and event.</param>
    /// <param name="id">Its id.</param>
    /// <param name="search">The search, whose account and organisation it gets.</param>
    /// <param name="note">What the examiner should know, or null.</param>
    /// <param name="lifetime">How long it may stay open.</param>
    /// <param name="candidates">The candidates.</param>
    /// <param name="examiners">The organisation whose examiners do it; null for that of the search.</param>
    /// <param name="second">Whether a second examiner does it too.</param>
    bool Add(
        BookChange change, string id, RecordedSearch search, string? note, TimeSpan lifetime, IReadOnlyList<RecordedCandidate> candidates,
        string? examiners = null, bool second = false);

    /// <summary>The examination of an id; null when there is none.</summary>
    Examination? Find(string id);

    /// <summary>The examinations of a search that have not ended.</summary>
    IReadOnlyList<Examination> Live(string search);

    /// <summary>The ranks of a search that examiners kept, in examinations that are finished.</summary>
    IReadOnlySet<int> Kept(string search);

    /// <summary>What the first of two examiners said of each candidate; none where there was no second one.</summary>
    IReadOnlyList<ExaminedCandidate> FirstJudgement(string id);

    /// <summary>Examinations, newest first, at most 1,000.</summary>
    /// <param name="organisation">Those that this organisation asked for or examines.</param>
    /// <param name="requester">Only those of this account; null for all.</param>
    /// <param name="state">Only those in this state; null for all.</param>
    IReadOnlyList<Examination> List(string organisation, string? requester, ExaminationState? state);

    /// <summary>The candidates of an examination, in rank order.</summary>
    IReadOnlyList<ExaminedCandidate> Candidates(string id);

    /// <summary>Gives it to an examiner; false when it is not open, is the examiner's own request, or was examined by the same one
    /// first.</summary>
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

    /// <summary>
    /// Ends it with a result. Where a second examiner is wanted, the first one's end opens it again for another, out of whose sight goes
    /// what was said; after the second one it is finished where both keep the same candidates, each with the weaker of the two levels,
    /// and disputed where they do not.
    /// </summary>
    /// <param name="change">The change with its author and event.</param>
    /// <param name="id">The examination.</param>
    /// <param name="examiner">Who has it.</param>
    /// <param name="comment">The examiner's words on the whole, or null.</param>
    /// <param name="setAsideRest">Whether candidates of which nothing was said are set aside.</param>
    /// <param name="removed">Ranks that nobody can look at any more: where nothing was said of them, they are set aside.</param>
    /// <returns>The ranks of which nothing was said: nothing was done then.
    /// Null when the examination is not the examiner's (any more).</returns>
    IReadOnlyList<int>? Finish(
        BookChange change, string id, string examiner, string? comment, bool setAsideRest, IReadOnlyCollection<int>? removed = null);

    /// <summary>Ends a dispute: of the candidates on which two examiners differ some are kept, the others set aside.</summary>
    /// <param name="change">The change with its author and event.</param>
    /// <param name="id">The examination.</param>
    /// <param name="supervisor">Who decides.</param>
    /// <param name="kept">The ranks that are kept, all of them in dispute.</param>
    /// <param name="reason">Why.</param>
    /// <returns>False when it is not disputed, or one of the ranks is not.</returns>
    bool Resolve(BookChange change, string id, string supervisor, IReadOnlyCollection<int> kept, string reason);

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
public sealed record Assessment(bool Kept, ExaminationLevel? Level, IReadOnlyDictionary<string, string> Features, string? Comment)
{
    /// <summary>
    /// What was done to the pictures on the bench, and what was marked in them, a line each. No stored picture is changed.
    /// </summary>
    public IReadOnlyList<string> Processing { get; init; } = [];
}
