using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Scores;

namespace MatchEngine.Evaluation.Subjects;

/// <summary>A comparison worth looking at.</summary>
/// <param name="First">One photo.</param>
/// <param name="FirstSubject">Its subject.</param>
/// <param name="Second">The other photo.</param>
/// <param name="SecondSubject">Its subject.</param>
/// <param name="Score">The score.</param>
public sealed record NotablePair(string First, string FirstSubject, string Second, string SecondSubject, double Score);

/// <summary>A photo that does not look like its own subject: it may be mislabelled.</summary>
/// <param name="Image">The photo.</param>
/// <param name="Subject">The subject that the metadata gives it.</param>
/// <param name="MeanToOwn">Its mean score with the subject's other photos.</param>
/// <param name="MeanOfOthers">Mean score of those photos with each other; null when there is only one,
/// and then it cannot be told which of the two is wrong.</param>
/// <param name="NearestSubject">The other subject with the photo most like it, or null when none was kept.</param>
/// <param name="NearestScore">The score with that photo.</param>
public sealed record SuspectPhoto(
    string Image, string Subject, double MeanToOwn, double? MeanOfOthers, string? NearestSubject, double? NearestScore);

/// <summary>Two subjects that look like one person: they may be one under two names.</summary>
/// <param name="First">One subject.</param>
/// <param name="Second">The other.</param>
/// <param name="Highest">Highest score of a photo of one with a photo of the other.</param>
/// <param name="Pairs">How many of their comparisons are at or above the level.</param>
/// <param name="Possible">How many comparisons they have.</param>
/// <param name="FirstImage">The photo of the first in the highest comparison.</param>
/// <param name="SecondImage">The photo of the second.</param>
public sealed record SuspectSubjects(
    string First, string Second, double Highest, int Pairs, int Possible, string FirstImage, string SecondImage);

/// <summary>
/// What looks like a mistake of the labels. Wrong labels make up most of the top impostors of a good algorithm, so they must be known
/// before an error rate at a low FMR is believed.
/// </summary>
/// <param name="Level">The score from which two photos are taken to look like one person: the lower quartile of the mated scores, and not
/// below the global threshold.</param>
/// <param name="Photos">Photos that do not look like their own subject, the worst first.</param>
/// <param name="Subjects">Pairs of subjects that look like one person, the most alike first.</param>
/// <param name="TopImpostors">The impostor comparisons with the highest scores.</param>
/// <param name="LowestMated">The mated comparisons with the lowest scores.</param>
public sealed record Hygiene(
    double Level, IReadOnlyList<SuspectPhoto> Photos, IReadOnlyList<SuspectSubjects> Subjects, IReadOnlyList<NotablePair> TopImpostors,
    IReadOnlyList<NotablePair> LowestMated)
{
    /// <summary>How many entries a list has at the most, unless it is asked for otherwise.</summary>
    public const int Listed = 50;

    /// <summary>Looks for mistakes.</summary>
    /// <param name="comparisons">Comparisons with metadata.</param>
    /// <param name="threshold">The global threshold: a photo is suspect when its mean score with its own subject lies below it.</param>
    /// <param name="listed">How many entries each list has at the most.</param>
    /// <exception cref="EvaluationException">The scores came without metadata.</exception>
    public static Hygiene Of(Comparisons comparisons, double threshold, int listed = Listed)
    {
        ArgumentNullException.ThrowIfNull(comparisons);
        var images = comparisons.Images
            ?? throw new EvaluationException("label mistakes are looked for with metadata that names the subjects");
        var (mated, impostors) = (comparisons.Mated, comparisons.Impostors);
        var level = mated.Count == 0 ? threshold : Math.Max(threshold, comparisons.MatedScores.Quantile(0.25));

        var nearest = new Dictionary<int, (int Other, double Score)>();
        for (var i = 0; i < impostors.Count; i++)
        {
            var score = impostors.Scores[i];
            foreach (var (photo, other) in (ReadOnlySpan<(int, int)>)[
                (impostors.First[i], impostors.Second[i]), (impostors.Second[i], impostors.First[i])])
            {
                if (!nearest.TryGetValue(photo, out var best) || score > best.Score
                    || (score == best.Score && string.CompareOrdinal(images.Images[other], images.Images[best.Other]) < 0))
                    nearest[photo] = (other, score);
            }
        }

        var sums = new Dictionary<int, (double Sum, int Count)>();
        var whole = new Dictionary<int, (double Sum, int Count)>();
        for (var i = 0; i < mated.Count; i++)
        {
            var score = mated.Scores[i];
            foreach (var photo in (ReadOnlySpan<int>)[mated.First[i], mated.Second[i]])
                sums[photo] = sums.TryGetValue(photo, out var s) ? (s.Sum + score, s.Count + 1) : (score, 1);
            var subject = images.SubjectOf[mated.First[i]];
            whole[subject] = whole.TryGetValue(subject, out var w) ? (w.Sum + score, w.Count + 1) : (score, 1);
        }
        var photos = new List<SuspectPhoto>();
        foreach (var (photo, own) in sums)
        {
            var mean = own.Sum / own.Count;
            var subject = images.SubjectOf[photo];
            var (sum, count) = (whole[subject].Sum - own.Sum, whole[subject].Count - own.Count);
            double? others = count > 0 ? sum / count : null;
            // When the subject's other photos do not agree either, this one does not stand out.
            if (mean >= threshold || others < threshold)
                continue;
            photos.Add(nearest.TryGetValue(photo, out var near)
                ? new SuspectPhoto(
                    images.Images[photo], images.Subjects[subject], mean, others, images.Subjects[images.SubjectOf[near.Other]], near.Score)
                : new SuspectPhoto(images.Images[photo], images.Subjects[subject], mean, others, null, null));
        }

        var photosOf = new Dictionary<int, int>();
        foreach (var photo in comparisons.Compared)
            photosOf[images.SubjectOf[photo]] = photosOf.GetValueOrDefault(images.SubjectOf[photo]) + 1;
        var alike = new Dictionary<(int, int), (int Best, int Count)>();
        var listedTrials = new Dictionary<(int, int), int>();
        for (var i = 0; i < impostors.Count; i++)
        {
            var (a, b) = (images.SubjectOf[impostors.First[i]], images.SubjectOf[impostors.Second[i]]);
            var key = a < b ? (a, b) : (b, a);
            if (!comparisons.IsAllPairs)
                listedTrials[key] = listedTrials.GetValueOrDefault(key) + 1;
            if (impostors.Scores[i] < level)
                continue;
            alike[key] = alike.TryGetValue(key, out var found)
                ? (impostors.Scores[i] > impostors.Scores[found.Best] ? i : found.Best, found.Count + 1)
                : (i, 1);
        }
        var subjects = alike.Select(entry =>
        {
            var ((a, b), (best, count)) = (entry.Key, entry.Value);
            var swapped = images.SubjectOf[impostors.First[best]] != a;
            return new SuspectSubjects(
                images.Subjects[a],
                images.Subjects[b],
                impostors.Scores[best],
                count,
                comparisons.IsAllPairs ? photosOf[a] * photosOf[b] : listedTrials[(a, b)],
                images.Images[swapped ? impostors.Second[best] : impostors.First[best]],
                images.Images[swapped ? impostors.First[best] : impostors.Second[best]]);
        });
        return new Hygiene(
            level,
            [.. photos.OrderBy(p => p.MeanToOwn).ThenBy(p => p.Image, StringComparer.Ordinal).Take(listed)],
            [.. subjects.OrderByDescending(s => s.Highest).ThenBy(s => s.First, StringComparer.Ordinal)
                .ThenBy(s => s.Second, StringComparer.Ordinal).Take(listed)],
            Extremes(images, impostors, listed, highest: true),
            Extremes(images, mated, listed, highest: false));
    }

    private static NotablePair[] Extremes(DataSet images, PairList pairs, int listed, bool highest)
    {
        // First the score of the last place, then everything that reaches it: among equal scores the names decide,
        // not the order of the input.
        var queue = new PriorityQueue<double, double>();
        foreach (var score in pairs.Scores)
        {
            var rank = highest ? score : -score;
            if (queue.Count < listed)
                queue.Enqueue(rank, rank);
            else if (rank > queue.Peek())
                queue.EnqueueDequeue(rank, rank);
        }
        var found = new List<NotablePair>();
        for (var i = 0; i < pairs.Count && queue.Count > 0; i++)
        {
            if ((highest ? pairs.Scores[i] : -pairs.Scores[i]) < queue.Peek())
                continue;
            var (a, b) = (pairs.First[i], pairs.Second[i]);
            if (string.CompareOrdinal(images.Images[a], images.Images[b]) > 0)
                (a, b) = (b, a);
            found.Add(new NotablePair(
                images.Images[a], images.Subjects[images.SubjectOf[a]], images.Images[b],
                images.Subjects[images.SubjectOf[b]], pairs.Scores[i]));
        }
        return [.. found.OrderBy(p => highest ? -p.Score : p.Score).ThenBy(p => p.First, StringComparer.Ordinal)
            .ThenBy(p => p.Second, StringComparer.Ordinal).Take(listed)];
    }
}
