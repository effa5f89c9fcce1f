using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Searching;
using MatchEngine.Galleries.Profiles;

namespace MatchEngine.Frs.Sharing;

/// <summary>The terms of an agency whose galleries are served.</summary>
/// <param name="Profile">The profile whose terms they are.</param>
/// <param name="Version">Their version.</param>
/// <param name="Text">Their words.</param>
/// <param name="Source">Where the rule is written.</param>
/// <param name="Accepted">When the actor accepted this version (UTC); null: not yet, or so long ago that it has to be renewed.</param>
/// <param name="Until">Until when that is good (UTC); null: as long as the version stays, or not accepted.</param>
/// <param name="RenewDays">After how many days it has to be renewed; null: never.</param>
public sealed record TermsOfUse(
    string Profile, string Version, string Text, string Source, DateTimeOffset? Accepted, DateTimeOffset? Until, int? RenewDays);

/// <summary>What must be accepted before first use, where a profile has such terms (PIA-054, State and local services).</summary>
/// <param name="rules">The profiles.</param>
/// <param name="access">Which galleries are searched by whom.</param>
/// <param name="acceptances">Who accepted what.</param>
/// <param name="trail">Takes the events.</param>
public sealed class AcceptingTerms(ServiceRules rules, GalleryAccess access, ITermsAcceptances acceptances, AuditTrail trail)
{
    /// <summary>The terms of the service and of the galleries that the actor may search.</summary>
    public IReadOnlyList<TermsOfUse> List(Actor actor)
    {
        actor.Require(Policies.SignedIn);
        return Profiles(actor).Select(profile => Terms(actor, profile)).ToList();
    }

    /// <summary>Accepts terms.</summary>
    /// <param name="actor">Who accepts them.</param>
    /// <param name="name">The profile whose terms were read.</param>
    /// <param name="version">The version that was read.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>, or <see cref="ErrorCodes.Conflict"/>: the terms are at another
    /// version.</exception>
    public TermsOfUse Accept(Actor actor, string name, string version)
    {
        actor.Require(Policies.SignedIn);
        var profile = Profiles(actor).FirstOrDefault(profile => profile.Name == name)
            ?? throw new CodedException(ErrorCodes.NotFound, $"no profile '{name}' with terms is in use here");
        var terms = profile.Rules.Terms.Value!;
        if (version != terms.Version)
            throw new CodedException(ErrorCodes.Conflict, $"the terms are at version '{terms.Version}'; read them again");
        trail.ChangeBook(
            actor, "terms.accepted", change => acceptances.Accept(change, actor.Account, profile.Name, terms.Version, terms.RenewDays),
            accepted => accepted ? new { profile = profile.Name, version = terms.Version } : null);
        return Terms(actor, profile);
    }

    private IEnumerable<Profile> Profiles(Actor actor) =>
        access.ProfilesInUse(actor).Where(profile => profile.Rules.Terms.Value is not null);

    private TermsOfUse Terms(Actor actor, Profile profile)
    {
        var terms = profile.Rules.Terms;
        var accepted = rules.AcceptedTerms(actor, profile);
        return new TermsOfUse(
            profile.Name, terms.Value!.Version, terms.Value.Text, terms.Source, accepted,
            accepted is { } then ? terms.Value.Until(then) : null, terms.Value.RenewDays);
    }
}
