using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Notifying;
using MatchEngine.Service.Access;
using Microsoft.AspNetCore.Antiforgery;

namespace MatchEngine.Service.Pages;

/// <summary>What stands around every page: who is signed in, where one is, and what proves that a form is ours.</summary>
/// <param name="Path">The page's path.</param>
/// <param name="Token">The antiforgery token of its forms.</param>
/// <param name="Account">The account's id; null when nobody is signed in.</param>
/// <param name="Name">The account's name.</param>
/// <param name="Organisation">Its organisation.</param>
/// <param name="Roles">Its roles.</param>
/// <param name="Unread">Notifications that it has not read, at most 100.</param>
/// <param name="Notice">What was just done, in a sentence; null when nothing was.</param>
public sealed record PageFrame(
    string Path, string Token, string? Account, string? Name, string? Organisation, IReadOnlySet<string> Roles, int Unread, string? Notice)
{
    private const int Countable = 100;

    /// <summary>Whether somebody is signed in.</summary>
    public bool SignedIn => Account is not null;

    /// <summary>Whether the account has a role that suffices for a policy.</summary>
    public bool May(string policy) => Policies.Roles[policy].Any(Roles.Contains);

    internal static PageFrame Of(HttpContext context)
    {
        var services = context.RequestServices;
        var token = services.GetRequiredService<IAntiforgery>().GetAndStoreTokens(context).RequestToken ?? "";
        var notice = Notices.Find(context.Request.Query["done"]);
        var path = context.Request.Path.Value ?? "/";
        if (context.User.Identity is not { IsAuthenticated: true })
            return new PageFrame(path, token, null, null, null, new HashSet<string>(), 0, notice);
        var actor = context.Actor();
        var unread = services.GetRequiredService<ReadingNotifications>().List(actor, true, null, Countable).Count;
        return new PageFrame(path, token, actor.Account, actor.Name, actor.Organisation, actor.Roles, unread, notice);
    }
}

/// <summary>
/// What a page says after a form was taken. Addresses carry the key and never the words, so that nobody can put words there.
/// </summary>
internal static class Notices
{
    private static readonly Dictionary<string, string> Words = new()
    {
        ["signed-out"] = "You are signed out.",
        ["signed-out-everywhere"] = "You are signed out everywhere.",
        ["external-failed"] = "The sign-in did not succeed, or took too long. Nobody is signed in; try again.",
        ["identity-linked"] = "The account was linked.",
        ["identity-unlinked"] = "The link was taken away. The account is signed out everywhere.",
        ["session-ended"] = "That browser is signed out.",
        ["password-changed"] = "Your password was changed. Sign in with the new one.",
        ["gallery-created"] = "The gallery was created.",
        ["gallery-changed"] = "The gallery was changed.",
        ["gallery-deleted"] = "The gallery was deleted, with everything in it.",
        ["permission-granted"] = "The permission was offered. It takes effect when the organisation accepts it.",
        ["sharing-accepted"] = "Your organisation takes part: its agents may search the gallery.",
        ["sharing-declined"] = "Your organisation does not take part: nobody in it may search the gallery.",
        ["permission-revoked"] = "The permission was taken away.",
        ["gallery-restored"] = "The gallery was restored from the file.",
        ["import-started"] = "The import is in the row. This page shows how far it has come.",
        ["import-cancelled"] = "The import was ended. What it has enrolled stays.",
        ["subject-corrected"] = "The biographics were corrected. What stood there before is overwritten.",
        ["encounter-removed"] = "The photo was removed, and the subject with its last one. No search finds it any more.",
        ["subject-removed"] = "The subject was removed. No search finds it any more.",
        ["subjects-removed"] = "The subjects were removed. No search finds them any more.",
        ["link-entered"] = "The two are linked.",
        ["link-removed"] = "The link was taken out.",
        ["duplicates-sought"] = "The search for duplicates is under way. Pairs appear here as they are found.",
        ["duplicates-stopped"] = "The search stops. What it has found stays, and it can be gone on with.",
        ["duplicates-merged"] = "The two are one subject now.",
        ["duplicates-apart"] = "The two are kept apart: they are not asked for again.",
        ["duplicates-again"] = "The next search asks for the two again.",
        ["encounter-moved"] = "The photo belongs to the other subject now.",
        ["approval-requested"] =
            "The request was sent to your supervisors. They see no probe: you will choose it again when the search is approved.",
        ["approval-decided"] = "Your decision was recorded, and the requester is told.",
        ["case-noted"] = "Your note was written down.",
        ["case-closed"] = "The case was closed. No further search is made in it, and its retention begins.",
        ["case-reopened"] = "The case is open again.",
        ["case-held"] = "The legal hold was placed: nothing of the case is deleted until it is taken away.",
        ["case-released"] = "The legal hold was taken away.",
        ["case-deleted"] = "The case was deleted, with its searches and what was kept of them.",
        ["finding-recorded"] = "Your finding was recorded.",
        ["examination-requested"] = "The list was sent to the examiners. The probe is kept sealed until they are done.",
        ["examination-taken"] = "The list is yours to examine.",
        ["examination-released"] = "The list is left to another examiner; what you had said of it is gone.",
        ["examination-finished"] =
            "What you said is recorded. With the last examiner's word the probe is deleted and the requester is told.",
        ["examination-resolved"] = "Your decision was recorded, the probe is deleted, and the requester is told the result.",
        ["examination-withdrawn"] = "The request was taken back and the probe deleted.",
        ["candidate-assessed"] = "Your finding was recorded.",
        ["details-requested"] = "The request was sent to the gallery's owner.",
        ["details-decided"] = "Your decision was recorded, and the requester is told.",
        ["redress-recorded"] = "The request was written down, and those who decide are told.",
        ["redress-decided"] = "Your decision was recorded. What was granted is yet to be carried out and answered.",
        ["redress-answered"] = "The answer was recorded. Who had received the record in a list is told.",
        ["notifications-read"] = "All notifications are marked as read.",
        ["key-revoked"] = "The key was revoked.",
        ["account-added"] = "The account was added.",
        ["account-changed"] = "The account was changed. Its browsers are signed out.",
        ["second-factor-removed"] = "The second factor was removed.",
        ["account-signed-out"] = "The account is signed out everywhere.",
        ["organisation-added"] = "The organisation was added.",
        ["vetting-approved"] = "The gallery is on your organisation's list.",
        ["vetting-withdrawn"] = "It was taken off your organisation's list: each use of it needs a supervisor from now on.",
        ["provided-data-shared"] = "Who finds your organisation's data was changed.",
        ["training-certified"] = "The certificate was recorded.",
        ["training-withdrawn"] = "The certificate was taken back.",
        ["terms-accepted"] = "You accepted the terms.",
    };

    public static string? Find(string? key) => key is not null && Words.TryGetValue(key, out var words) ? words : null;
}
