using MatchEngine.Vetting.Runs;
using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Conduct;

/// <summary>What is required of a service's conduct.</summary>
/// <param name="Check">The check's id.</param>
/// <param name="Requirement">What is required, in our own words.</param>
/// <param name="Source">The passage that it comes from, or <c>none</c>.</param>
public sealed record ConductRequirement(string Check, string Requirement, string Source);

/// <summary>What a battery found.</summary>
/// <param name="Findings">One for each requirement, in their order.</param>
/// <param name="Identity">What the target said at the start that it is; null where it did not.</param>
/// <param name="Enrolled">How many subjects were enrolled for it.</param>
/// <param name="Requests">How many requests it made.</param>
public sealed record ConductReport(IReadOnlyList<Finding> Findings, TargetIdentity? Identity, int Enrolled, int Requests);

/// <summary>All checks of conduct, run once over one target.</summary>
public static class ConductBattery
{
    private static readonly TimeSpan TimeToEnd = TimeSpan.FromMinutes(1);

    // Those that ask come first; those that look back on every list come last.
    private static readonly ConductCheck[] Checks =
    [
        new TransportCheck(),
        CredentialCheck.Demanded,
        CredentialCheck.WrongRefused,
        new PurposeCheck(),
        new ListLengthCheck(),
        new ScoreFloorCheck(),
        new LengthAndFloorCheck(),
        new TiesCheck(),
        new ScoresRepeatableCheck(),
        new SameProbeTwiceCheck(),
        new NoFaceCheck(),
        new SeveralFacesCheck(),
        new TattooRecordCheck(),
        new TruncatedPhotoCheck(),
        new HostileFileCheck(),
        new OversizedFileCheck(),
        new OrientationCheck(),
        new ComparisonCheck(),
        new AuditRecordCheck(),
        new OtherOrganisationCheck(),
        new ProbeNotKeptCheck(),
        new StrangersCheck(),
        new RemovedSubjectCheck(),
        new RemovedUnderLoadCheck(),
        new SingleCandidateCheck(),
        new RankOrderCheck(),
        new ScoresPresentCheck(),
        new ScoresMonotoneCheck(),
        new DisclaimerCheck(),
        new ModelCheck(),
        new AnswersInTimeCheck(),
    ];

    /// <summary>What is required, in the order in which it is tried.</summary>
    public static IReadOnlyList<ConductRequirement> Requirements { get; } =
        [.. Checks.Select(check => new ConductRequirement(check.Id, check.Requirement, check.Source))];

    /// <summary>Runs all checks: enrols people, tries everything, and removes them again.</summary>
    /// <param name="target">The target.</param>
    /// <param name="photos">Whom to show it.</param>
    /// <param name="options">What is expected of it.</param>
    /// <param name="progress">Takes each finding when it is there; null for nobody.</param>
    /// <param name="cancellationToken">Ends the battery; who was enrolled is removed all the same.</param>
    /// <exception cref="AnswersPendingException">Answers come later; what could be asked without them was asked.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public static async Task<ConductReport> RunAsync(
        ISystemUnderTest target, ConductPhotos photos, ConductOptions options, IProgress<Finding>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(photos);
        ArgumentNullException.ThrowIfNull(options);
        var session = new ConductSession(target, photos, options);
        var findings = new List<Finding>();
        try
        {
            await session.BeginAsync(cancellationToken).ConfigureAwait(false);
            var enrolled = session.People.Count;
            foreach (var (number, check) in Checks.Index())
            {
                cancellationToken.ThrowIfCancellationRequested();
                session.BeginCheck(number);
                var finding = await check.RunAsync(session, cancellationToken).ConfigureAwait(false);
                findings.Add(finding);
                progress?.Report(finding);
            }
            // What was not answered yet is no finding.
            if (session.Seen.Pending is > 0 and var pending)
                throw new AnswersPendingException(pending);
            return new ConductReport(findings, session.IdentityAtStart, enrolled, session.Seen.Made);
        }
        finally
        {
            // Also when it was ended: nobody stays behind in somebody's gallery, as far as that can be had in time.
            using var late = new CancellationTokenSource(TimeToEnd);
            await session.EndAsync(late.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
