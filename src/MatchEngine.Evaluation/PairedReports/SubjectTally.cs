using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MatchEngine.Evaluation.Identification;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Scores;
using MatchEngine.Evaluation.Verification;

namespace MatchEngine.Evaluation.PairedReports;

/// <summary>
/// Errors of each subject at each point of a report: what another report is compared with by person. The table
/// <c>subject-errors.csv</c> beside <c>report.json</c>.
/// </summary>
/// <param name="Point">The wanted rate (FMR or FPIR), or the given threshold, as text; with <paramref name="IsGiven"/> it names a
/// point.</param>
/// <param name="IsGiven">Whether the threshold was given.</param>
/// <param name="Subject">The subject.</param>
/// <param name="Mated">Its mated comparisons or searches.</param>
/// <param name="Misses">Those that are missed.</param>
/// <param name="Others">Impostor comparisons with it, or its non-mated searches.</param>
/// <param name="FalsePositives">Those that are accepted.</param>
public sealed record SubjectTally(string Point, bool IsGiven, string Subject, long Mated, long Misses, long Others, long FalsePositives)
{
    /// <summary>Name of the table's file, without extension.</summary>
    public const string Table = "subject-errors";

    /// <summary>Name of the file of the table that says which groups the subjects belong to, without extension.</summary>
    internal const string GroupsTable = "subject-groups";

    /// <summary>The name of a point.</summary>
    public static string Name(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>The errors of every subject at every point of a 1:1 evaluation, in order of point and name; empty without
    /// subjects.</summary>
    public static IReadOnlyList<SubjectTally> Of(VerificationResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (result.Comparisons.Images is not { } images)
            return [];
        var made = new List<SubjectTally>();
        foreach (var point in result.OperatingPoints.Concat(result.Thresholds))
        {
            // Below the floor it is not known whom a false match belongs to.
            if (point.Threshold is not { } threshold || threshold < result.Comparisons.ImpostorFloor)
                continue;
            var (mated, misses, others, positives) = Counts(result.Comparisons, images, threshold);
            for (var s = 0; s < images.Subjects.Count; s++)
            {
                if (mated[s] + others[s] > 0)
                    made.Add(new SubjectTally(
                        Name(point.WantedFmr ?? threshold), point.WantedFmr is null, images.Subjects[s], mated[s], misses[s], others[s],
                        positives[s]));
            }
        }
        return made;
    }

    /// <summary>The same of a 1:N evaluation.</summary>
    public static IReadOnlyList<SubjectTally> Of(IdentificationResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (result.Searches.Images is not { } images || result.Searches.Searches.Any(s => s.Subject < 0))
            return [];
        return [.. result.Points.Concat(result.Thresholds).Where(p => p.Threshold is not null).SelectMany(point =>
            result.Searches.Searches.GroupBy(s => s.Subject).OrderBy(own => own.Key).Select(own => new SubjectTally(
                Name(point.WantedFpir ?? point.Threshold!.Value), point.WantedFpir is null, images.Subjects[own.Key],
                own.LongCount(s => s.IsMated), own.LongCount(s => s.IsMated && s.IsMiss(int.MaxValue, point.Threshold!.Value)),
                own.LongCount(s => !s.IsMated),
                own.LongCount(s => !s.IsMated && !s.HasFailed && s.HighestNonMate >= point.Threshold))))];
    }

    /// <summary>
    /// A digest of which comparisons were made, whatever their scores: two reports with the same one can be compared pair by pair. Null
    /// without subjects.
    /// </summary>
    public static string? DigestOf(Comparisons comparisons)
    {
        ArgumentNullException.ThrowIfNull(comparisons);
        if (comparisons.Images is not { } images)
            return null;
        string Photo(int index) => $"{images.Images[index]}\t{images.Subjects[images.SubjectOf[index]]}";
        IEnumerable<string> lines = comparisons.IsAllPairs
            ? comparisons.Compared.Select(Photo)
            : new[] { comparisons.Mated, comparisons.Impostors }.SelectMany(pairs => Enumerable.Range(0, pairs.Count).Select(i =>
                string.CompareOrdinal(Photo(pairs.First[i]), Photo(pairs.Second[i])) < 0
                    ? $"{Photo(pairs.First[i])}\t{Photo(pairs.Second[i])}"
                    : $"{Photo(pairs.Second[i])}\t{Photo(pairs.First[i])}"));
        return Digest(lines);
    }

    /// <summary>The same for searches: who was enrolled and who was searched for.</summary>
    public static string? DigestOf(SearchSet searches)
    {
        ArgumentNullException.ThrowIfNull(searches);
        return searches.Images is null
            ? null
            : Digest(searches.Searches.Select(s => $"{s.Probe}\t{s.IsMated}").Append($"{searches.GallerySize}\t{searches.EnrolledPhotos}"));
    }

    private static string Digest(IEnumerable<string> lines)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var line in lines.Order(StringComparer.Ordinal))
            hash.AppendData(Encoding.UTF8.GetBytes(line + "\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static (long[] Mated, long[] Misses, long[] Others, long[] FalsePositives) Counts(
        Comparisons comparisons, DataSet images, double threshold)
    {
        var n = images.Subjects.Count;
        var (mated, misses, others, positives) = (new long[n], new long[n], new long[n], new long[n]);
        for (var i = 0; i < comparisons.Mated.Count; i++)
        {
            var s = images.SubjectOf[comparisons.Mated.First[i]];
            mated[s]++;
            misses[s] += comparisons.Mated.Scores[i] < threshold ? 1 : 0;
        }
        if (comparisons.IsAllPairs)
        {
            var photos = new long[n];
            foreach (var photo in comparisons.Compared)
                photos[images.SubjectOf[photo]]++;
            for (var s = 0; s < n; s++)
                others[s] = photos[s] * (comparisons.Compared.Count - photos[s]);
        }
        for (var i = 0; i < comparisons.Impostors.Count; i++)
        {
            foreach (var photo in (ReadOnlySpan<int>)[comparisons.Impostors.First[i], comparisons.Impostors.Second[i]])
            {
                var s = images.SubjectOf[photo];
                if (!comparisons.IsAllPairs)
                    others[s]++;
                positives[s] += comparisons.Impostors.Scores[i] >= threshold ? 1 : 0;
            }
        }
        return (mated, misses, others, positives);
    }
}
