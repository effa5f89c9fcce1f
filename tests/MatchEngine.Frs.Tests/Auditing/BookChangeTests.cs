using System.Reflection;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Cases;
using MatchEngine.Frs.Details;
using MatchEngine.Frs.Enrolling;
using MatchEngine.Frs.Examining;
using MatchEngine.Frs.Operations;
using MatchEngine.Frs.Redress;
using MatchEngine.Frs.Searching;
using MatchEngine.Frs.Sharing;
using MatchEngine.Frs.Supervising;
using MatchEngine.Frs.Vetting;

namespace MatchEngine.Frs.Tests.Auditing;

public class BookChangeTests
{
    private static readonly Type[] Ports =
    [
        typeof(IAccounts), typeof(IApiKeys), typeof(ISigningCredentials), typeof(IOrganisations), typeof(IDetailsRequests),
        typeof(IClientSettings),
        typeof(IExaminations), typeof(IOperations),
        typeof(ISearches), typeof(ICases), typeof(IRedressRequests), typeof(ITermsAcceptances), typeof(IApprovals), typeof(ISessions),
        typeof(ISignInAttempts), typeof(ISecondFactors), typeof(ILinkedIdentities),
        typeof(ITrainingCertificates), typeof(IVettedUses), typeof(IAnnouncedSubjects),
    ];

    /// <summary>What a port may do without a change, because it changes nothing.</summary>
    private static readonly string[] Reading =
    [
        "IAccounts.List", "IAccounts.Find", "IAccounts.Any", "IAccounts.Administrator", "IApiKeys.List", "IApiKeys.Find", "IApiKeys.IsGood",
        "IApiKeys.Authenticate", "ISigningCredentials.List", "ISigningCredentials.Find",
        "IClientSettings.Find",
        "IOrganisations.List", "IOrganisations.Find", "IDetailsRequests.Find", "IDetailsRequests.List",
        "IExaminations.Find", "IExaminations.Live", "IExaminations.Kept", "IExaminations.FirstJudgement", "IExaminations.List",
        "IExaminations.Candidates", "IExaminations.Overdue", "IExaminations.Unerased",
        "IOperations.Find", "IOperations.List", "IOperations.Unfinished", "ISearches.Find", "ISearches.Candidates", "ISearches.List",
        "ITermsAcceptances.Find", "IApprovals.Find", "IApprovals.List", "IAccounts.Check", "ISessions.Find", "ISessions.List",
        "IRedressRequests.Find", "IRedressRequests.List", "ISearches.Listing",
        "ICases.Find", "ICases.Find", "ICases.List", "ICases.HasSearched", "ICases.Galleries", "ICases.Notes", "ICases.Overdue",
        "ISecondFactors.Find", "ILinkedIdentities.Find", "ILinkedIdentities.List",
        "IAnnouncedSubjects.List", "IAnnouncedSubjects.Count", "IAnnouncedSubjects.Contains",
        "ITrainingCertificates.Find", "ITrainingCertificates.List", "IVettedUses.Find", "IVettedUses.List",
    ];

    /// <summary>
    /// What changes the book and is nobody's decision: the count of wrong passwords, when a session or a credential was used last and which
    /// code it was;
    /// the course of an import, whose own events tell it; the read model of a search, whose event is on the disk before,
    /// and its end with that event; the end of names whose gallery is gone.
    /// </summary>
    private static readonly string[] Keeping =
        [
            "ISignInAttempts.Count", "ISignInAttempts.Succeeded", "ISessions.Seen", "ISecondFactors.Use", "IOperations.Begin",
            "IOperations.Report", "IOperations.End", "ISearches.Add", "ISearches.Purge", "ISigningCredentials.Used",
            "IAnnouncedSubjects.KeepOnly",
        ];

    [Fact]
    public void Whatever_somebody_decides_takes_a_change()
    {
        var without = Ports.SelectMany(port => port.GetMethods())
            .Where(method => method.GetParameters().All(parameter => parameter.ParameterType != typeof(BookChange)))
            .Select(method => $"{method.DeclaringType!.Name}.{method.Name}");

        Assert.Equal(Reading.Concat(Keeping).Order(StringComparer.Ordinal), without.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_change_can_be_left_out_nowhere_and_none_but_the_trail_makes_one()
    {
        var nullability = new NullabilityInfoContext();
        var changes = Ports.SelectMany(port => port.GetMethods()).SelectMany(method => method.GetParameters())
            .Where(parameter => parameter.ParameterType == typeof(BookChange)).ToList();

        Assert.True(changes.Count >= 20, $"{changes.Count}");
        Assert.DoesNotContain(
            changes,
            parameter => parameter.IsOptional || nullability.Create(parameter).ReadState == NullabilityState.Nullable);
        Assert.Empty(typeof(BookChange).GetConstructors());
    }
}
