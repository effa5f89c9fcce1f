namespace MatchEngine.Vetting.Targets;

/// <summary>
/// A face recognition service as an examiner meets it from outside. An adapter translates; it judges nothing and repeats nothing. A call
/// gives an <see cref="Exchange{T}"/> whatever the target did: a refusal, a stall and an answer that cannot be read are outcomes, not
/// exceptions. What the target cannot do stands in <see cref="Abilities"/>, and a call that needs it sends nothing.
/// </summary>
/// <remarks>Calls may be made side by side.</remarks>
public interface ISystemUnderTest : IAsyncDisposable
{
    /// <summary>What the target was called on the command line, without a secret.</summary>
    string Name { get; }

    /// <summary>Where it is reached; null for one that is not reached over a network.</summary>
    Uri? Address { get; }

    /// <summary>What can be asked of it; the same for the whole run.</summary>
    TargetAbilities Abilities { get; }

    /// <summary>Asks the target what it is. Asked at the start and at the end of a run.</summary>
    /// <param name="terms">Who asks, and when it was meant to be asked.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="OperationCanceledException">The call was ended from here.</exception>
    Task<Exchange<TargetIdentity>> IdentifyAsync(CallTerms terms, CancellationToken cancellationToken);

    /// <summary>Enrols a subject, or a further encounter of one.</summary>
    /// <param name="query">Who, and by what.</param>
    /// <param name="terms">Who asks, and when it was meant to be asked.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="OperationCanceledException">The call was ended from here.</exception>
    Task<Exchange<EnrolmentAnswer>> EnrolAsync(EnrolmentQuery query, CallTerms terms, CancellationToken cancellationToken);

    /// <summary>Removes a subject with everything that the target holds of it.</summary>
    /// <param name="subject">The subject's id, as <see cref="EnrolAsync"/> answered it.</param>
    /// <param name="terms">Who asks, and when it was meant to be asked.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="OperationCanceledException">The call was ended from here.</exception>
    Task<Exchange<RemovalAnswer>> RemoveAsync(string subject, CallTerms terms, CancellationToken cancellationToken);

    /// <summary>Searches the gallery under test.</summary>
    /// <param name="query">The probe and what is asked of the list.</param>
    /// <param name="terms">Who asks, and when it was meant to be asked.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="OperationCanceledException">The call was ended from here.</exception>
    Task<Exchange<SearchAnswer>> SearchAsync(SearchQuery query, CallTerms terms, CancellationToken cancellationToken);

    /// <summary>Compares two photos.</summary>
    /// <param name="query">The two.</param>
    /// <param name="terms">Who asks, and when it was meant to be asked.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="OperationCanceledException">The call was ended from here.</exception>
    Task<Exchange<ComparisonAnswer>> CompareAsync(ComparisonQuery query, CallTerms terms, CancellationToken cancellationToken);

    /// <summary>Reads what the target has recorded of a search.</summary>
    /// <param name="searchId">The search's id, as <see cref="SearchAsync"/> answered it.</param>
    /// <param name="terms">Who asks, and when it was meant to be asked.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="OperationCanceledException">The call was ended from here.</exception>
    Task<Exchange<SearchRecordAnswer>> ReadRecordAsync(string searchId, CallTerms terms, CancellationToken cancellationToken);
}
