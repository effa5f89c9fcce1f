using System.Globalization;
using System.Text.Json;

namespace MatchEngine.Frs.Examining;

/// <summary>
/// Drafts of assessments, sealed beside the probe of their examination and under its key: what is typed may describe a person, so it lies
/// neither in the browser's storage nor in the book, and is gone with the probe.
/// </summary>
/// <param name="probes">Seals them.</param>
public sealed class SealedDrafts(SealedProbes probes)
{
    /// <summary>
    /// The longest draft in bytes: nineteen notes and a comment of 2,000 characters each of up to three bytes, and the view.
    /// </summary>
    private const int MaxBytes = 160 << 10;

    /// <summary>
    /// Keeps a draft in the place of the one before; false when the examination has no probe any more, or it is too long.
    /// </summary>
    /// <exception cref="Galleries.Errors.StoreException">It cannot be written.</exception>
    public bool Keep(string examination, int rank, AssessmentDraft draft)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(draft);
        try
        {
            return content.Length <= MaxBytes && probes.SealBeside(examination, Name(rank), content);
        }
        finally
        {
            Array.Clear(content);
        }
    }

    /// <summary>The draft of a candidate; null when there is none.</summary>
    /// <exception cref="Galleries.Errors.StoreException">It was changed, or cannot be read.</exception>
    public AssessmentDraft? Find(string examination, int rank)
    {
        if (probes.OpenBeside(examination, Name(rank)) is not { } content)
            return null;
        try
        {
            return JsonSerializer.Deserialize<AssessmentDraft>(content);
        }
        finally
        {
            Array.Clear(content);
        }
    }

    /// <summary>Forgets the draft of a candidate.</summary>
    /// <exception cref="Galleries.Errors.StoreException">It cannot be removed.</exception>
    public void Forget(string examination, int rank) => probes.EraseBeside(examination, Name(rank));

    /// <summary>Forgets all drafts of an examination.</summary>
    /// <exception cref="Galleries.Errors.StoreException">One cannot be removed.</exception>
    public void Forget(string examination) => probes.EraseBeside(examination);

    private static string Name(int rank) => rank.ToString(CultureInfo.InvariantCulture);
}
