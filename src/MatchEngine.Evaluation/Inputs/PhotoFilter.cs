using System.Security.Cryptography;
using System.Text;
using MatchEngine.Evaluation.Protocols;

namespace MatchEngine.Evaluation.Inputs;

/// <summary>Takes some photos of a data set.</summary>
public static class PhotoFilter
{
    /// <summary>The photos whose columns have one of the wanted values, at most so many a subject.</summary>
    /// <exception cref="EvaluationException">A column is missing, or no photo is left.</exception>
    public static DataSet Apply(
        DataSet images, IReadOnlyDictionary<string, IReadOnlyList<string>> filter, int? perSubject, SubjectHalf half = SubjectHalf.Both)
    {
        if (filter.Count == 0 && perSubject is null && half == SubjectHalf.Both)
            return images;
        var passing = Passing(images, filter).Where(photo => IsIn(half, images.Subjects[images.SubjectOf[photo]]));
        var kept = passing.ToHashSet();
        if (perSubject is { } most)
        {
            kept = [.. passing.GroupBy(photo => images.SubjectOf[photo])
                .SelectMany(own => own.OrderBy(photo => images.Images[photo], StringComparer.Ordinal).Take(most))];
        }
        if (kept.Count == 0)
            throw new EvaluationException($"no photo of '{images.Name}' passes the protocol's filter");
        return images.WithSubjects((photo, subject) => kept.Contains(photo) ? subject : null);
    }

    /// <summary>Whether a subject belongs to a half.</summary>
    public static bool IsIn(SubjectHalf half, string subject) =>
        half == SubjectHalf.Both || SHA256.HashData(Encoding.UTF8.GetBytes(subject))[0] % 2 == (half == SubjectHalf.First ? 0 : 1);

    /// <summary>
    /// The indices of the photos whose columns have one of the wanted values, or lie in one of the wanted ranges: <c>0..18</c> is from 0 to
    /// below 18, and either end may be left out.
    /// </summary>
    public static IEnumerable<int> Passing(DataSet images, IReadOnlyDictionary<string, IReadOnlyList<string>> filter)
    {
        var columns = filter.Select(f => (
            Values: images.Column(f.Key), Wanted: f.Value.ToHashSet(StringComparer.Ordinal),
            Ranges: f.Value.Select(Range).Where(r => r is not null).Select(r => r!.Value).ToArray())).ToArray();
        return Enumerable.Range(0, images.Images.Count).Where(photo => columns.All(c =>
            c.Wanted.Contains(c.Values[photo])
            || (c.Ranges.Length > 0 && DelimitedRows.TryNumber(c.Values[photo], out var number)
                && Array.Exists(c.Ranges, r => number >= r.From && number < r.To))));
    }

    // "0..18": from 0 to below 18; either end may be left out.
    private static (double From, double To)? Range(string text)
    {
        if (text.Split("..") is not [var from, var to] || from.Length + to.Length == 0)
            return null;
        var (low, high) = (double.NegativeInfinity, double.PositiveInfinity);
        return (from.Length == 0 || DelimitedRows.TryNumber(from, out low)) && (to.Length == 0 || DelimitedRows.TryNumber(to, out high))
            ? (low, high)
            : null;
    }

    /// <summary>
    /// The embeddings of the photos that were chosen. Those of photos that the whole data set does not hold stay:
    /// they are faults to be named.
    /// </summary>
    public static EmbeddingSet Only(EmbeddingSet embeddings, DataSet images, DataSet chosen) => ReferenceEquals(images, chosen)
        ? embeddings
        : embeddings.Where(image => images.IndexOf(image) < 0 || chosen.IndexOf(image) >= 0);
}
