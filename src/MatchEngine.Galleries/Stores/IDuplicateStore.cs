using System.Globalization;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Errors;

namespace MatchEngine.Galleries.Stores;

/// <summary>
/// Pairs of a gallery's subjects that are perhaps one person, as a search for them found them, and who is kept apart by somebody's word.
/// Both go with either subject, and a pair with either of its encounters. Faults arrive as <see cref="StoreException"/>, writes to a
/// deleted gallery as <see cref="GalleryNotFoundException"/>.
/// </summary>
public interface IDuplicateStore
{
    /// <summary>The last search; null: there was none.</summary>
    SoughtDuplicates? ReadSearch();

    /// <summary>Begins a search: what an earlier one found is forgotten, and who is kept apart is not.</summary>
    void Begin(float floor, string askedBy, ChangeRecord record);

    /// <summary>Notes what came of some subjects: pairs in place of the same ones found earlier, but for those kept apart and those of
    /// encounters that are gone.</summary>
    /// <param name="through">The last of the subjects.</param>
    /// <param name="subjects">How many they are.</param>
    /// <param name="pairs">The pairs.</param>
    /// <returns>False when the search is not running any more; then nothing was noted.</returns>
    bool Add(string through, int subjects, IReadOnlyList<AlikePair> pairs);

    /// <summary>Says that the search is running again, has ended, or was stopped.</summary>
    void Say(SeekingState state);

    /// <summary>The pairs that wait, by falling score.</summary>
    /// <param name="after">Begins behind this pair; null with the first.</param>
    /// <param name="count">The largest number returned.</param>
    IReadOnlyList<WaitingPair> Waiting(PairPlace? after, int count);

    /// <summary>How many wait.</summary>
    long CountWaiting();

    /// <summary>Whether two subjects are a pair that waits.</summary>
    WaitingPair? FindWaiting(string subjectId, string otherId);

    /// <summary>Notes that two subjects are two people; false when one of them is not there, or they are kept apart already.</summary>
    bool KeepApart(string subjectId, string otherId, string decidedBy, DateTimeOffset decided, ChangeRecord record);

    /// <summary>Takes that back; false when they are not kept apart.</summary>
    bool AskAgain(string subjectId, string otherId, ChangeRecord record);

    /// <summary>Who is kept apart, the last decisions first.</summary>
    /// <param name="count">The largest number returned.</param>
    IReadOnlyList<KeptApart> Apart(int count);
}

/// <summary>How far a search for duplicates has come.</summary>
public enum SeekingState
{
    /// <summary>It is under way, or was when the process ended.</summary>
    Running,

    /// <summary>All subjects were searched with.</summary>
    Done,

    /// <summary>Somebody stopped it, or it could not go on.</summary>
    Stopped,
}

/// <summary>A search for duplicates.</summary>
/// <param name="Floor">The score that pairs reach.</param>
/// <param name="AskedBy">Who asked for it.</param>
/// <param name="Asked">When (UTC).</param>
/// <param name="Through">The last subject that was searched with; null before the first.</param>
/// <param name="Subjects">How many were.</param>
/// <param name="State">How far it has come.</param>
public sealed record SoughtDuplicates(
    float Floor, string AskedBy, DateTimeOffset Asked, string? Through, long Subjects, SeekingState State);

/// <summary>A pair to be noted: of each subject the encounter that is most alike to one of the other's.</summary>
/// <param name="EncounterId">The encounter of the one.</param>
/// <param name="OtherId">The encounter of the other.</param>
/// <param name="Score">Their score, −1 … 1.</param>
public readonly record struct AlikePair(string EncounterId, string OtherId, float Score);

/// <summary>A pair that waits for somebody's word.</summary>
/// <param name="Place">Its place among all.</param>
/// <param name="Subject">The one that came first.</param>
/// <param name="EncounterId">Its encounter.</param>
/// <param name="Other">The other one.</param>
/// <param name="OtherEncounterId">Its encounter.</param>
public sealed record WaitingPair(PairPlace Place, string Subject, string EncounterId, string Other, string OtherEncounterId);

/// <summary>The place of a pair by falling score.</summary>
/// <param name="Score">Its score.</param>
/// <param name="Row">Its row.</param>
public readonly record struct PairPlace(double Score, long Row)
{
    /// <summary>The place as a text, which <see cref="TryParse"/> reads.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Score:R}_{Row}");

    /// <summary>The place that a text stands for; null: it is none.</summary>
    public static PairPlace? TryParse(string? text) => text?.Split('_') is [var score, var row]
        && double.TryParse(score, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && long.TryParse(row, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
        ? new PairPlace(number, at)
        : null;
}

/// <summary>Two subjects that are two people.</summary>
/// <param name="Subject">The one that came first.</param>
/// <param name="Other">The other one.</param>
/// <param name="DecidedBy">Who said so.</param>
/// <param name="Decided">When (UTC).</param>
public sealed record KeptApart(string Subject, string Other, string DecidedBy, DateTimeOffset Decided);
