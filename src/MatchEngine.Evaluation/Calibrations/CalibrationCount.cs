using System.Globalization;
using MatchEngine.Evaluation.CrossComparison;
using MatchEngine.Evaluation.Demographics;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Evaluation.Scores;
using MatchEngine.Evaluation.Verification;
using MatchEngine.Rates.Calibrations;

namespace MatchEngine.Evaluation.Calibrations;

/// <summary>
/// Counts which scores different people of a labelled data set reach, for each population that it supports: what the calibrations of a
/// model's card are made of. The labels are the columns <c>sex</c>, <c>race</c> and <c>age</c>, with the protocol's names and bands; what
/// the data set does not have is left out.
/// </summary>
public static class CalibrationCount
{
    private const string Sex = "sex", Race = "race", Age = "age";
    private const double Adult = 18;

    /// <summary>Counts on the comparisons that a protocol wants.</summary>
    /// <param name="embeddings">One embedding a photo, of length 1.</param>
    /// <param name="images">Their subjects and labels.</param>
    /// <param name="protocol">Which comparisons; names and bands of labels.</param>
    /// <param name="folder">The data set's folder, in which a pairs file is looked for.</param>
    /// <param name="faults">Takes what cannot be used.</param>
    /// <param name="words">What a reader must be told.</param>
    /// <param name="progress">Told the share of comparisons that are done.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="EvaluationException">There are no comparisons of different people,
    /// or a label column has no stated source.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static CalibrationSet Of(
        EmbeddingSet embeddings, DataSet images, Protocol protocol, string? folder, InputFaults faults, CalibrationWords words,
        IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(protocol);
        ArgumentNullException.ThrowIfNull(faults);
        ArgumentNullException.ThrowIfNull(words);
        if (protocol.Comparisons == ComparisonPlan.PairsFile)
            return Of(
                VerificationEvaluation.Compare(embeddings, images, protocol, folder, faults, null, progress, cancellationToken),
                protocol, words);
        protocol.Validate();
        var chosen = PhotoFilter.Apply(images, protocol.Filter, protocol.PhotosPerSubject, protocol.Half);
        var subset = PhotoFilter.Only(embeddings, images, chosen);
        var roster = Roster.Of(subset, chosen, faults);
        AllPairs.CheckLengths(subset, roster.RowOf);
        var builder = new CalibrationBuilder();
        var labels = Labels(chosen, protocol);
        using var packed = new PackedEmbeddings(subset, roster.RowOf);
        using var rows = new ScoreRows(packed, packed);
        var scores = new float[ScoreRows.RowsAtOnce * rows.Width];
        for (var first = 0; first < packed.Count; first += ScoreRows.RowsAtOnce)
        {
            cancellationToken.ThrowIfCancellationRequested();
            rows.Fill(first, scores, first);
            for (var i = first; i < Math.Min(first + ScoreRows.RowsAtOnce, packed.Count); i++)
            {
                var row = scores.AsSpan((i - first) * rows.Width, packed.Count);
                var (photo, subject) = (roster.PhotoOf[i], chosen.SubjectOf[roster.PhotoOf[i]]);
                for (var j = roster.EndOfSubject[i]; j < packed.Count; j++)
                {
                    var other = roster.PhotoOf[j];
                    builder.Add(subject, labels[photo], chosen.SubjectOf[other], labels[other], row[j]);
                }
            }
            // Rows get shorter towards the end of the triangle.
            var left = 1 - (double)first / packed.Count;
            progress?.Report(1 - left * left);
        }
        return Build(builder, chosen, words);
    }

    /// <summary>Counts on comparisons that were made elsewhere, such as those of a score file.</summary>
    /// <param name="comparisons">All of them, with subjects; scores within −1 … 1.</param>
    /// <param name="protocol">Names and bands of labels.</param>
    /// <param name="words">What a reader must be told.</param>
    /// <exception cref="EvaluationException">The scores came without subjects, are not all there or no cosines, or no comparison is of
    /// different people.</exception>
    public static CalibrationSet Of(Comparisons comparisons, Protocol protocol, CalibrationWords words)
    {
        ArgumentNullException.ThrowIfNull(comparisons);
        ArgumentNullException.ThrowIfNull(protocol);
        ArgumentNullException.ThrowIfNull(words);
        var images = comparisons.Images ?? throw new EvaluationException(
            "a rate is counted over people, and the scores came without subjects; name the data set whose metadata.csv has them");
        if (!double.IsNegativeInfinity(comparisons.ImpostorFloor))
            throw new ArgumentException("comparisons below a score are missing", nameof(comparisons));
        var labels = Labels(images, protocol);
        var builder = new CalibrationBuilder();
        var pairs = comparisons.Impostors;
        for (var i = 0; i < pairs.Count; i++)
        {
            var (first, second, score) = (pairs.First[i], pairs.Second[i], pairs.Scores[i]);
            if (!(Math.Abs(score) <= 1.001))
                throw new EvaluationException(
                    $"the score {score.ToString("G6", CultureInfo.InvariantCulture)} of '{images.Images[first]}' and "
                        + $"'{images.Images[second]}' is no cosine; a card holds calibrations of scores within −1 … 1");
            builder.Add(images.SubjectOf[first], labels[first], images.SubjectOf[second], labels[second], (float)score);
        }
        return Build(builder, images, words);
    }

    private static CalibrationSet Build(CalibrationBuilder builder, DataSet images, CalibrationWords words)
    {
        var sources = new[] { Sex, Race, Age }
            .Where(images.LabelSources.ContainsKey)
            .Select(column => $"{column} {images.LabelSources[column]}")
            .ToList();
        try
        {
            return builder.Build(
                images.Name, sources.Count == 0 ? null : string.Join(", ", sources), [.. Ages(images), .. words.NotSupported], words.Note);
        }
        catch (InvalidOperationException error)
        {
            throw new EvaluationException(error.Message, error);
        }
    }

    private static PersonLabels[] Labels(DataSet images, Protocol protocol)
    {
        string?[] Of(string column)
        {
            if (!images.HasColumn(column))
                return new string?[images.Images.Count];
            var slicing = Slicing.Of(images, [column], protocol);
            return [.. slicing.ValueOf.Select(value => value < 0 ? null : slicing.Values[value])];
        }
        var (sex, race, age) = (Of(Sex), Of(Race), protocol.Bands.ContainsKey(Age) ? Of(Age) : new string?[images.Images.Count]);
        return [.. sex.Select((_, photo) => new PersonLabels(sex[photo], race[photo], age[photo]))];
    }

    // What no rate can be said for because nobody of that age is there, or nobody knows who is.
    private static IEnumerable<string> Ages(DataSet images)
    {
        if (!images.HasColumn(Age))
            return ["ages (it has no labels of them)"];
        var children = images.Column(Age).Zip(images.SubjectOf)
            .Where(photo => double.TryParse(photo.First, CultureInfo.InvariantCulture, out var age) && age < Adult)
            .Select(photo => photo.Second).Distinct().Count();
        return children < CalibrationBuilder.LeastPeople ? ["children"] : [];
    }
}

/// <summary>What a reader of calibrations must be told and no count tells.</summary>
/// <param name="NotSupported">What the data set cannot tell, beyond what its labels show: <c>profile views</c>.</param>
/// <param name="Note">What else, or null.</param>
public sealed record CalibrationWords(IReadOnlyList<string> NotSupported, string? Note = null);
