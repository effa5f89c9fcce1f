using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Conduct;

/// <summary>Somebody who is enrolled at the target.</summary>
/// <param name="Subject">The id under which candidates name them.</param>
/// <param name="Person">Their photos.</param>
internal sealed record EnrolledPerson(string Subject, ConductPerson Person);

/// <summary>One examination of one target: who is enrolled there, and what was seen so far.</summary>
/// <param name="target">The target.</param>
/// <param name="photos">Whom to show it.</param>
/// <param name="options">What is expected of it.</param>
internal sealed class ConductSession(ISystemUnderTest target, ConductPhotos photos, ConductOptions options)
{
    private int _check, _next, _extra, _strangers;

    /// <summary>The target.</summary>
    public ISystemUnderTest Target => target;

    /// <summary>Whom to show it.</summary>
    public ConductPhotos Photos => photos;

    /// <summary>What is expected of it.</summary>
    public ConductOptions Options => options;

    /// <summary>Who is enrolled.</summary>
    public List<EnrolledPerson> People { get; } = [];

    /// <summary>What was seen.</summary>
    public Observations Seen { get; } = new();

    /// <summary>What the target said at the start that it is; null where it did not.</summary>
    public TargetIdentity? IdentityAtStart { get; private set; }

    /// <summary>The identity's exchange at the start.</summary>
    public Exchange<TargetIdentity>? StartExchange { get; private set; }

    /// <summary>Why nobody is enrolled; null where somebody is.</summary>
    public string? WhyNobody { get; private set; }

    /// <summary>Asks what the target is and enrols everybody.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        StartExchange = await target.IdentifyAsync(CallTerms.Usual, cancellationToken).ConfigureAwait(false);
        Seen.Note("what it is, at the start", StartExchange);
        IdentityAtStart = StartExchange.Value;
        WhyNobody = target.Abilities.WhyNot(Ability.Enrol);
        foreach (var (number, person) in photos.Enrolled.Index())
        {
            if (!target.Abilities.Has(Ability.Enrol))
                return;
            var enrolled = await target.EnrolAsync(
                new EnrolmentQuery($"{options.Tag}-{number:000}", person.Enrolled), CallTerms.Usual,
                cancellationToken).ConfigureAwait(false);
            Seen.Note("an enrolment", enrolled);
            if (enrolled.Answered(out var answer))
                People.Add(new EnrolledPerson(answer.Subject, person));
            else
                WhyNobody = enrolled.Failure!.Detail ?? enrolled.Failure.Kind.ToString();
        }
        if (People.Count > 0)
            WhyNobody = null;
    }

    /// <summary>Removes everybody again, as far as the target lets one.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        if (!target.Abilities.Has(Ability.Remove))
            return;
        foreach (var person in People)
            Seen.Note("a removal at the end", await target.RemoveAsync(
                person.Subject, CallTerms.Usual, cancellationToken).ConfigureAwait(false));
        People.Clear();
    }

    /// <summary>
    /// Begins a check: whom it meets and what its subjects are called depends on its number alone, so that a run whose answers come later
    /// asks the same again, however far those before it came.
    /// </summary>
    /// <param name="number">The check's place in the battery.</param>
    public void BeginCheck(int number) => (_check, _next, _extra) = (number, number, 0);

    /// <summary>Somebody else each time, so that one check's probes do not stand in another's way.</summary>
    /// <exception cref="CheckAbandonedException">Nobody is enrolled.</exception>
    public EnrolledPerson NextPerson() => People.Count > 0
        ? People[_next++ % People.Count]
        : throw new CheckAbandonedException($"nobody could be enrolled: {WhyNobody ?? "no photos were given"}");

    /// <summary>
    /// A photo of somebody who is not enrolled, and that was searched with by nobody in this run; null when there is none left.
    /// </summary>
    public PhotoInput? NextStranger() => _strangers < photos.Strangers.Count ? photos.Strangers[_strangers++] : null;

    /// <summary>An id for a further subject.</summary>
    public string NextSubject(string what) => $"{options.Tag}-{_check:00}-{what}-{_extra++}";
}
