using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MatchEngine.Galleries.Audit;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Hosting;
using MatchEngine.Service.Resources;
using MatchEngine.Service.Searching;
using MatchEngine.Service.Store;

namespace MatchEngine.Service.FacialExamination;

/// <summary>
/// The way of a candidate list to an examiner and back (PIA-054, Return). The probe is kept sealed from the request to the end of the
/// examination, whichever end that is, and no longer. What comes of it stays in the service's book:
/// nothing is written to a gallery (PIA-054, OBIM IDENT/HART).
/// </summary>
internal sealed class Examining(
    Examinations examinations, SealedProbes probes, UsesOfSearch uses, GalleryAccess access, ServiceRules rules, ServiceSettings settings,
    ServiceDatabase database, Notifications notifications, AuditTrail audit, AuditLog log)
{
    /// <summary>Refuses a list of galleries whose profile does not offer examination.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="galleries">The galleries' names; null for all that the caller's organisation may search.</param>
    /// <exception cref="ProblemException">It is not offered.</exception>
    public void RequireOffered(Caller caller, IReadOnlyList<string>? galleries)
    {
        foreach (var profile in rules.Profiles(access.Searchable(caller, galleries).Select(found => found.Gallery.Properties)))
        {
            if (!profile.Rules.ExaminerReview.Value)
                throw new ProblemException(Problem.NotOffered, $"{profile.Name} sends no lists to examiners")
                {
                    Extensions = { ["rule"] = $"{profile.Name}: examinerReview ({profile.Rules.ExaminerReview.Source})" },
                };
        }
    }

    /// <summary>Sends the list of a search of the caller's own to the examiners of the organisation.</summary>
    /// <param name="context">The request.</param>
    /// <param name="search">The search.</param>
    /// <param name="probe">The probe; this method keeps it sealed. Its keyed digest must be that of the search.</param>
    /// <param name="note">What the examiner should know, or null.</param>
    /// <exception cref="ProblemException">There is no such search, its list is empty, the photo is another one, or the list is under
    /// examination already.</exception>
    public Examination Request(HttpContext context, string search, ReadOnlyMemory<byte> probe, string? note)
    {
        var caller = context.Caller();
        if (uses.Find(search) is not { } use || use.Account != caller.Account)
            throw new ProblemException(Problem.NotFound, "there is no such search of this account");
        var digest = use.ProbeDigest
            ?? throw new ProblemException(Problem.Conflict, "the search was made with an enrolled encounter; there is no probe to examine");
        var given = Convert.ToHexStringLower(HMACSHA256.HashData(database.ReceiptSecret, probe.Span));
        if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(given), Encoding.ASCII.GetBytes(digest)))
            throw new ProblemException(
                Problem.OtherProbe,
                "the photo is not the one that was searched with: its keyed digest differs from that of the search's receipt");
        var written = log.Read(after: use.Audit - 1, count: 1).FirstOrDefault(found => found.Sequence == use.Audit)
            ?? throw new ProblemException(Problem.NotFound, "the audit of this search has been purged");
        var searched = JsonSerializer.Deserialize<SearchAudit>(written.Payload, JsonSerializerOptions.Web)!;
        // The rules of today count, as they do when a record is opened.
        RequireOffered(caller, searched.Galleries);
        if (searched.Candidates.Count == 0)
            throw new ProblemException(Problem.Conflict, "the list is empty; there is nothing to examine");

        var id = ServiceDatabase.NewId();
        probes.Seal(id, probe.Span);
        var added = false;
        try
        {
            added = audit.Change(
                "examination.requested",
                context,
                () => examinations.Add(id, use, note, TimeSpan.FromHours(settings.Limits.ExaminationHours), searched.Candidates),
                added => added
                    ? new { examination = id, search, galleries = searched.Galleries, candidates = searched.Candidates.Count }
                    : null);
        }
        finally
        {
            if (!added)
                probes.Erase(id);
        }
        if (!added)
            throw new ProblemException(Problem.Conflict, "the list of this search is under examination already");
        return examinations.Find(id)!;
    }

    /// <summary>
    /// An examination of the caller's organisation: for who asked for it, and for examiners and supervisors.
    /// One whose time is over is closed by this.
    /// </summary>
    /// <exception cref="ProblemException">There is none, or it is not the caller's to know of.</exception>
    public Examination Find(Caller caller, string id)
    {
        if (examinations.Find(id) is not { } found
            || found.Organisation != caller.Organisation
            || (found.Requester != caller.Account && !caller.Is(Role.Examiner) && !caller.Is(Role.Supervisor)))
            throw new ProblemException(Problem.NotFound, "there is no such examination");
        if (!found.IsLive || found.Expires > database.Clock.GetUtcNow())
            return found;
        Expire(id);
        return examinations.Find(id)!;
    }

    /// <summary>An examination that the caller works on.</summary>
    /// <exception cref="ProblemException">There is none, or another has it, or it is not under work.</exception>
    public Examination RequireHeld(Caller caller, string id)
    {
        var found = Find(caller, id);
        if (found.State != ExaminationState.Taken)
            throw WrongState(found, found.IsLive ? "take it first" : "it is closed");
        return found.Examiner == caller.Account ? found : throw new ProblemException(Problem.Forbidden, "another examiner has taken it");
    }

    /// <summary>The problem of a step that the state does not allow.</summary>
    public static ProblemException WrongState(Examination found, string remedy) =>
        new(Problem.Conflict, $"the examination is {found.State.ToString().ToLowerInvariant()}: {remedy}");

    /// <summary>Deletes the probe of an examination that was closed, and tells whose request it was.</summary>
    public void Closed(Caller caller, Examination closed)
    {
        if (closed.Requester != caller.Account)
            notifications.Tell(closed.Requester, Notifications.ExaminationFinished, caller, closed.Search);
        EraseClosed(closed.Id);
    }

    /// <summary>Closes one whose time is over.</summary>
    public void Expire(string id)
    {
        if (examinations.Find(id) is not { } expired
            || !audit.ChangeBySelf("examination.expired", expired.Organisation, () => examinations.Expire(id), done =>
                done ? new { examination = id, search = expired.Search } : null))
            return;
        notifications.Tell(expired.Requester, Notifications.ExaminationExpired, RetentionRunner.Actor, expired.Search);
        EraseClosed(id);
    }

    /// <summary>One round: closes what is overdue, and deletes the probes of what was closed where that was interrupted.</summary>
    public void Tidy()
    {
        foreach (var id in examinations.Overdue())
            Expire(id);
        foreach (var id in examinations.Unerased())
            EraseClosed(id);
    }

    /// <summary>
    /// Removes what a killed process left: sealed probes of which no examination knows. Only before requests are served,
    /// for one under way looks the same.
    /// </summary>
    public void RemoveOrphans()
    {
        foreach (var id in probes.Ids().Where(id => examinations.Find(id) is not { IsLive: true }))
            probes.Erase(id);
    }

    private void EraseClosed(string id)
    {
        probes.Erase(id);
        if (examinations.Find(id) is { } closed)
            audit.ChangeBySelf(
                "examination.probe-deleted", closed.Organisation, () => examinations.Erased(id),
                noted => noted ? new { examination = id, search = closed.Search } : null);
    }
}
