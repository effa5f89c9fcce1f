using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MatchEngine.Service.Files;

/// <summary>
/// What an event of the audit log says, in words that follow the name of who did it: "searched people for case C-17". What stands in braces
/// is a member of its payload; a part in brackets is left out where one of its members is not there.
/// </summary>
internal static partial class AuditSentence
{
    private const int Shown = 5;

    private static readonly Dictionary<string, string> Patterns = new()
    {
        ["access.refused"] = "was refused[ what the account may not do ({code})][ in {galleries}]",
        ["account.added"] = "added account {account}[ of {organisation}][ as {roles}]",
        ["account.changed"] = "changed account {account}[, now {roles}]",
        ["account.password-changed"] = "changed the password[ of {account}]",
        ["administrator.admitted"] = "admitted the first administrator {account}",
        ["approval.decided"] = "decided on approval {approval}[ for {galleries}][: {reason}]",
        ["approval.requested"] = "asked for approval[ of {galleries}][ for case {purpose.caseNumber}][: {reason}]",
        ["approval.used"] = "used approval {approval}[ for {galleries}]",
        ["audit.clock-set-back"] = "found the clock set back",
        ["audit.exported"] = "took events of the audit away[, of kind {kind}][, of account {account}][, of {galleries}]",
        ["audit.purged"] = "removed events that had expired",
        ["audit.read"] = "read the audit[, of kind {kind}][, of account {account}][, of {galleries}]",
        ["audit.refused"] = "was refused a look into the audit[ ({code})]",
        ["audit.rolled-back"] = "found that the log lacks event {event}, which is known elsewhere",
        ["audit.verified"] = "checked the chain of {events} events",
        ["backup.begun"] = "began backup {backup}",
        ["backup.ended"] = "ended backup {backup}: {outcome}",
        ["backup.restored"] = "restored the data folder from a backup",
        ["case.closed"] = "closed case {number}",
        ["case.deleted"] = "deleted case {number}[ with {searches} searches]",
        ["case.held"] = "placed a legal hold on case {number}",
        ["case.noted"] = "wrote a note on case {number}",
        ["case.released"] = "took the legal hold of case {number} away",
        ["case.reopened"] = "opened case {number} again",
        ["change.not-made"] = "says of event {event} ({kind}) that its change did not come about",
        ["change.unknown"] = "cannot say of event {event} ({kind}) whether its change came about",
        ["comparison"] = "compared two photos[ for case {purpose.caseNumber}]",
        ["comparison.refused"] = "was refused a comparison[ ({code})][ for case {purpose.caseNumber}]",
        ["comparison.subject"] = "compared a photo with subject {subject}[ of {galleries}][ for case {purpose.caseNumber}]",
        ["consistency.checked"] = "began to look for photos in {galleries} that do not go with their subject",
        ["consistency.ended"] = "ended looking for photos in {galleries} that do not go with their subject: {outcome}, {remarks} photos "
            + "and {pairs} pairs of subjects told",
        ["credential.added"] = "made signing credential {credential}[ of {account}]",
        ["credential.revoked"] = "revoked signing credential {credential}[ of {account}]",
        ["details.decided"] = "decided on second request {details}[ of {galleries}][: {reason}]",
        ["details.read"] = "read the answer to second request {details}[: subject {subject} of {galleries}]",
        ["details.requested"] = "asked for more on a candidate[ of {galleries}][: {reason}]",
        ["duplicates.asked-again"] = "took back that {subject} and {other} of {galleries} are kept apart",
        ["duplicates.ended"] = "ended the search for duplicates in {galleries}: {outcome}, {pairs} pairs among {subjects} subjects",
        ["duplicates.kept-apart"] = "keeps {subject} and {other} of {galleries} apart",
        ["duplicates.sought"] = "began a search for duplicates in {galleries} from score {floor} on",
        ["encounter.moved"] = "moved a photo of {from} to {subject} in {galleries}",
        ["encounter.removed"] = "removed a photo of {subject} from {galleries}",
        ["enrolment.ended"] = "ended an import into {galleries}: {outcome}[, {enrolled} enrolled][, {failed} failed]",
        ["examination.assessed"] = "said of a candidate of examination {examination}[ (rank {rank})] what was found",
        ["examination.candidate-opened"] = "opened a candidate of examination {examination}",
        ["examination.expired"] = "let examination {examination} expire",
        ["examination.finished"] = "finished examination {examination}",
        ["examination.probe-deleted"] = "deleted the probe of examination {examination}",
        ["examination.probe-opened"] = "opened the probe of examination {examination}",
        ["examination.released"] = "left examination {examination} to another examiner",
        ["examination.requested"] = "sent the list of search {search} to examiners",
        ["examination.resolved"] = "decided what examiners disagreed on in examination {examination}",
        ["examination.taken"] = "took examination {examination}",
        ["examination.withdrawn"] = "took examination {examination} back",
        ["gallery.changed"] = "changed gallery {galleries}",
        ["gallery.created"] = "made gallery {galleries}",
        ["gallery.deleted"] = "deleted gallery {galleries} with everything in it",
        ["gallery.exported"] = "exported gallery {galleries}",
        ["gallery.rekeyed"] = "sealed gallery {galleries} under another key",
        ["gallery.restored"] = "restored gallery {galleries} from a file",
        ["identity.linked"] = "linked account {account} to another sign-in",
        ["identity.unlinked"] = "took the link of account {account} to another sign-in away",
        ["import.cancelled"] = "ended import {operation} into {galleries}",
        ["import.started"] = "began import {operation} into {galleries}",
        ["key.added"] = "made key {key}[ of {account}]",
        ["key.revoked"] = "revoked key {key}[ of {account}]",
        ["key.settings-changed"] = "changed the settings of key {key}",
        ["link.entered"] = "linked {subject} and {other} of {galleries}",
        ["link.removed"] = "took the link of {subject} and {other} of {galleries} out",
        ["organisation.added"] = "added organisation {organisation}",
        ["permission.accepted"] = "accepted to take part in {galleries}",
        ["permission.declined"] = "declined to take part in {galleries}",
        ["permission.granted"] = "offered {organisation} a part in {galleries}",
        ["permission.revoked"] = "took {organisation}’s part in {galleries} away",
        ["provided-data.shared"] = "shared the organisation’s data in {galleries} with {organisation}",
        ["provided-data.unshared"] = "ended the sharing of the organisation’s data in {galleries} with {organisation}",
        ["record.opened"] = "opened the record of {subject} of {galleries}[ from search {search}]",
        ["redress.answered"] = "answered request {redress}[ on {galleries}]",
        ["redress.decided"] = "decided on request {redress}[ for {kind}][ on {galleries}]",
        ["redress.recorded"] = "wrote down request {redress}[ for {kind}][ on {galleries}]",
        ["retention.purged"] = "removed {encounters} photos that had expired from {galleries}",
        ["sandbox.answer-faulted"] = "got an answer with a fault on demand",
        ["sandbox.clock-moved"] = "moved the sandbox’s clock",
        ["sandbox.fault-removed"] = "took a fault on demand away",
        ["sandbox.fault-set"] = "set a fault on demand",
        ["search"] = "searched {galleries}[ for case {purpose.caseNumber}][ ({purpose.basis})]: [{candidates#} ]candidates listed",
        ["search.refused"] = "was refused a search[ of {galleries}][ ({code})][ for case {purpose.caseNumber}]",
        ["search.resent"] = "sent probe {probe} of {operation} again",
        ["search.reviewed"] = "found search {search} {finding}[: {note}]",
        ["search.submitted"] = "sent searches to be answered later[ of {galleries}][ for case {purpose.caseNumber}]",
        ["search.withdrawn"] = "took searches {operation} back",
        ["second-factor.begun"] = "began to set a second factor up",
        ["second-factor.confirmed"] = "set a second factor up",
        ["second-factor.recovery-code-used"] = "signed in with a recovery code",
        ["second-factor.removed"] = "removed the second factor of {account}",
        ["session.all-ended"] = "signed {account} out everywhere",
        ["session.ended"] = "signed a browser out",
        ["session.refused"] = "was refused a sign-in[ of {account}]",
        ["session.signed-in"] = "signed in",
        ["subject.announced"] = "announced {subject} in {galleries}",
        ["subject.announcement-withdrawn"] = "took the announcement of {subject} in {galleries} back",
        ["subject.corrected"] = "corrected {keys} of {subject} in {galleries}",
        ["subject.enrolled"] = "enrolled [{encounters#} photos of ]{subjects|subject} in {galleries}",
        ["subject.merged"] = "merged {from} into {subject} in {galleries}",
        ["subject.removed"] = "removed {subject} from {galleries}",
        ["subjects.exported"] = "exported {subjects#} subjects of {galleries}",
        ["subjects.sought"] = "looked for subjects of {galleries} by {keys}",
        ["terms.accepted"] = "accepted the terms of {profile}, version {version}",
        ["training.certified"] = "recorded that {account} completed {course}",
        ["training.withdrawn"] = "took back that {account} completed {course}",
        ["vetting.approved"] = "put {galleries} on the organisation’s list of approved galleries",
        ["vetting.withdrawn"] = "took {galleries} off the organisation’s list of approved galleries",
        ["webhook.added"] = "added webhook {webhook}",
        ["webhook.removed"] = "removed webhook {webhook}",
    };

    /// <summary>The kinds that have a sentence, in ordinal order.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [.. Patterns.Keys.Order(StringComparer.Ordinal)];

    /// <summary>What an event says; its kind where nobody wrote a sentence for it.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="payload">Its payload.</param>
    /// <param name="names">Names of accounts by their ids.</param>
    public static string Of(string kind, string payload, IReadOnlyDictionary<string, string> names)
    {
        if (!Patterns.TryGetValue(kind, out var pattern))
            return kind;
        using var said = JsonDocument.Parse(payload);
        var root = said.RootElement;
        var sentence = Part().Replace(pattern, part =>
        {
            var inner = part.Groups["part"].Value;
            return Member().Matches(inner).All(member => Find(root, member.Groups["name"].Value) is not null) ? Filled(inner) : "";
        });
        return Filled(sentence);

        string Filled(string text) => Member().Replace(text, member => Text(Find(root, member.Groups["name"].Value), names) ?? "…");
    }

    /// <summary>A member by its path, the first of several that is there; its number of elements where a <c>#</c> ends it.</summary>
    private static object? Find(JsonElement root, string path)
    {
        foreach (var choice in path.Split('|'))
        {
            var (steps, counts) = (choice.TrimEnd('#').Split('.'), choice.EndsWith('#'));
            var at = root;
            var found = true;
            foreach (var step in steps)
                found = found && at.ValueKind == JsonValueKind.Object && at.TryGetProperty(step, out at)
                    && at.ValueKind != JsonValueKind.Null;
            if (!found || (at.ValueKind == JsonValueKind.Array && at.GetArrayLength() == 0 && !counts))
                continue;
            if (!counts)
                return at;
            if (at.ValueKind == JsonValueKind.Array)
                return at.GetArrayLength();
        }
        return null;
    }

    private static string? Text(object? value, IReadOnlyDictionary<string, string> names) => value switch
    {
        JsonElement { ValueKind: JsonValueKind.Array } many => Listed([.. many.EnumerateArray().Select(one => Text(one, names) ?? "")]),
        JsonElement { ValueKind: JsonValueKind.String } one => names.GetValueOrDefault(one.GetString()!, one.GetString()!),
        JsonElement one => one.GetRawText(),
        int count => count.ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => null,
    };

    private static string Listed(IReadOnlyList<string> all)
    {
        var text = new StringBuilder(string.Join(", ", all.Take(Shown)));
        if (all.Count > Shown)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $" and {all.Count - Shown} more");
        return text.ToString();
    }

    [GeneratedRegex(@"\[(?<part>[^\]]*)\]", RegexOptions.ExplicitCapture)]
    private static partial Regex Part();

    [GeneratedRegex(@"\{(?<name>[^}]*)\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Member();
}
