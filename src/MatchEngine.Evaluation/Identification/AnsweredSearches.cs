using MatchEngine.Evaluation.Inputs;

namespace MatchEngine.Evaluation.Identification;

/// <summary>A photo that a system was asked to enrol.</summary>
/// <param name="Photo">Its index in the data set.</param>
/// <param name="Id">The id under which the system's candidate lists name it.</param>
/// <param name="Failure">Why it was not enrolled; null when it was.</param>
public readonly record struct AnsweredEnrolment(int Photo, string Id, string? Failure);

/// <summary>A candidate as a system names it.</summary>
/// <param name="Id">The id that it gives.</param>
/// <param name="Score">Higher is more alike.</param>
public readonly record struct AnsweredCandidate(string Id, double Score);

/// <summary>A search that a system was asked for.</summary>
/// <param name="Probe">The probe's name, or the search's.</param>
/// <param name="Photo">Index of the probe's photo in the data set.</param>
/// <param name="Failure">Why it gave no list; null when it gave one, be it empty.</param>
/// <param name="Candidates">The list, in any order.</param>
public sealed record AnsweredSearch(string Probe, int Photo, string? Failure, IReadOnlyList<AnsweredCandidate> Candidates);

/// <summary>Makes of what a system answered, from outside or in a log, the searches that are evaluated.</summary>
public static class AnsweredSearches
{
    /// <summary>
    /// Makes the searches. A subject of whom no photo was enrolled is a mated one that is always missed; a candidate under an id that was
    /// not enrolled here is a stranger to every probe.
    /// </summary>
    /// <param name="images">The photos.</param>
    /// <param name="enrolments">What was to be enrolled, the first photo of a subject first.</param>
    /// <param name="searches">The searches; each probe's name stands once.</param>
    /// <param name="listLength">How long lists can be; null where ranks are known to the end.</param>
    /// <exception cref="ArgumentException">A score is not a finite number.</exception>
    public static SearchSet ToSet(
        DataSet images, IReadOnlyList<AnsweredEnrolment> enrolments, IEnumerable<AnsweredSearch> searches, int? listLength)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(enrolments);
        ArgumentNullException.ThrowIfNull(searches);
        var subjectOf = new Dictionary<string, int>(StringComparer.Ordinal);
        var (placeOf, firstPhoto) = (new Dictionary<int, int>(), new Dictionary<int, int>());
        // Photos that a template was made of, with null, or that failed, with the reason.
        var tried = new Dictionary<int, string?>();
        foreach (var (photo, id, failure) in enrolments)
        {
            var subject = images.SubjectOf[photo];
            tried[photo] = failure;
            if (failure is not null)
            {
                firstPhoto.TryAdd(subject, -1);
                continue;
            }
            if (placeOf.TryAdd(subject, placeOf.Count))
                firstPhoto[subject] = photo;
            subjectOf.TryAdd(id, subject);
        }
        var made = new List<Search>();
        foreach (var search in searches.OrderBy(s => s.Probe, StringComparer.Ordinal))
        {
            tried[search.Photo] = search.Failure ?? tried.GetValueOrDefault(search.Photo);
            made.Add(Made(search));
        }
        return new SearchSet(placeOf.Count, made)
        {
            Images = images,
            ListLength = listLength,
            EnrolledPhotos = subjectOf.Count,
            FailedEnrolments = firstPhoto.Count - placeOf.Count,
            Tried = [.. tried.Keys.Order()],
            AcquisitionFaults = [.. tried.Where(t => t.Value is not null).Select(t => new AcquisitionFault(images.Images[t.Key], t.Value!))
                .OrderBy(f => f.Image, StringComparer.Ordinal)],
        };

        Search Made(AnsweredSearch search)
        {
            if (search.Candidates.Any(c => !double.IsFinite(c.Score)))
                throw new ArgumentException($"search '{search.Probe}' has a score that is not a finite number", nameof(searches));
            var subject = images.SubjectOf[search.Photo];
            // One row a subject, with its best score: further templates of a subject do not push others down. Rank is by score; among
            // equal scores the mate stands last and others as they were enrolled, in whatever order the system wrote them.
            var bySubject = search.Candidates.Select(c => (c.Id, c.Score, Subject: subjectOf.GetValueOrDefault(c.Id, -1)))
                .OrderByDescending(c => c.Score).DistinctBy(c => c.Subject < 0 ? (c.Id, -1) : ("", c.Subject))
                .OrderByDescending(c => c.Score).ThenBy(c => c.Subject == subject)
                .ThenBy(c => placeOf.GetValueOrDefault(c.Subject, int.MaxValue)).ThenBy(c => c.Id, StringComparer.Ordinal).ToArray();
            var mate = Array.FindIndex(bySubject, c => c.Subject == subject);
            return new Search
            {
                Probe = search.Probe,
                Photo = search.Photo,
                Subject = subject,
                IsMated = firstPhoto.ContainsKey(subject),
                MatePhoto = firstPhoto.GetValueOrDefault(subject, -1),
                HasFailed = search.Failure is not null,
                MateRank = mate < 0 ? null : mate + 1,
                MateScore = mate < 0 ? null : bySubject[mate].Score,
                HighestNonMate = bySubject.Where(c => c.Subject != subject).Select(c => c.Score)
                    .DefaultIfEmpty(double.NegativeInfinity).Max(),
                Candidates = [.. bySubject.Select(c => new SearchCandidate(
                    c.Id, c.Score, c.Subject == subject, firstPhoto.GetValueOrDefault(c.Subject, -1)))],
            };
        }
    }
}
