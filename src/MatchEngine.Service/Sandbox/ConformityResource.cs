using System.ComponentModel;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Searching;
using MatchEngine.Galleries.Properties;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Rest;

namespace MatchEngine.Service.Sandbox;

/// <summary>What is known of a rule.</summary>
public enum ConductState
{
    /// <summary>No request showed whether the client keeps it.</summary>
    NotSeen,

    /// <summary>Every request that showed it kept it.</summary>
    Observed,

    /// <summary>A request broke it.</summary>
    Violated,
}

/// <summary>A rule for clients, and what was seen of it.</summary>
/// <param name="Rule">Its name.</param>
/// <param name="Text">What a client does that keeps it.</param>
/// <param name="Source">Where it stands.</param>
/// <param name="State">What is known.</param>
/// <param name="Kept">How many requests kept it.</param>
/// <param name="Broken">How many broke it.</param>
/// <param name="LastBroken">The id of the last request that did; null for none.</param>
public sealed record ConductResponse(
    string Rule, string Text, string Source, ConductState State, int Kept, int Broken, string? LastBroken);

/// <summary>What a client did.</summary>
/// <param name="Key">The id of its key.</param>
/// <param name="Profile">By whose rules.</param>
/// <param name="Requests">How many requests came with the key.</param>
/// <param name="Rules">The rules of the profile for clients.</param>
public sealed record ConformityResponse(string Key, string Profile, int Requests, IReadOnlyList<ConductResponse> Rules);

/// <summary><c>/v1/sandbox/conformity</c>: what a client's requests show of the rules for clients.</summary>
internal static class ConformityResource
{
    public static void Map(IEndpointRouteBuilder v1) => v1.MapGet("/sandbox/conformity", (
            [Description("By whose rules; left out: the service's own")] string? profile,
            [Description(
                "The id of the client's key; left out: the key that asks. Others' are for administrators of the service")] string? key,
            HttpContext context, ClientConduct conduct, ServiceRules rules) => Response(
                Asked(context, key), profile ?? GalleryProperties.DefaultProfile, conduct, rules))
        .Needs(Policies.SignedIn).WithName("getConformity").WithTags("sandbox")
        .WithSummary("Which rules for clients the requests with a key kept and broke, each with its source")
        .Produces<ConformityResponse>().Problems(400);

    private static string Asked(HttpContext context, string? key)
    {
        var actor = context.Actor();
        if (key is not null && key != actor.Key)
            actor.Require(Policies.AdministerService);
        return key
            ?? actor.Key ?? throw new ProblemException(Problem.BadValue, "a browser has no key: say whose conduct is asked for, with key");
    }

    private static ConformityResponse Response(string key, string name, ClientConduct conduct, ServiceRules rules)
    {
        var profile = rules.ProfileOf(new GalleryProperties { Profile = rules.Require(name) });
        return new ConformityResponse(
            key, profile.Name, conduct.Requests(key),
            [.. from rule in ConductRule.All
                let source = rule.Source(profile)
                where source is not null
                let seen = conduct.Of(key, rule, profile)
                select new ConductResponse(
                    rule.Name, rule.Text, source,
                    seen.Broken > 0 ? ConductState.Violated : seen.Kept > 0 ? ConductState.Observed : ConductState.NotSeen,
                    seen.Kept, seen.Broken, seen.LastBroken)]);
    }
}
