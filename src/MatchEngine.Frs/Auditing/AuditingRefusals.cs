using MatchEngine.Faces;
using MatchEngine.Frs.Errors;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Errors;
using MatchEngine.Vectors;

namespace MatchEngine.Frs.Auditing;

/// <summary>
/// Writes down what was asked for and refused: who tried what, and the code of the refusal. It is on the disk before the refusal leaves.
/// What a busy or broken service could not do is no refusal.
/// </summary>
/// <param name="trail">Takes the events.</param>
public sealed class AuditingRefusals(AuditTrail trail)
{
    private const int MaxNames = 20;

    /// <summary>Does something, and writes an event when it is refused.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="kind">The event of a refusal.</param>
    /// <param name="asked">What the event says of the request beside the code.</param>
    /// <param name="work">Does it.</param>
    public async Task<T> KeepAsync<T>(Actor actor, string kind, Func<RefusedRequest> asked, Func<Task<T>> work)
    {
        ArgumentNullException.ThrowIfNull(asked);
        ArgumentNullException.ThrowIfNull(work);
        try
        {
            return await work();
        }
        catch (Exception error) when (CodeOf(error) is not null)
        {
            await trail.WriteAsync(actor, kind, Payload(asked(), CodeOf(error)!));
            throw;
        }
    }

    /// <summary>The same of what is done at once.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="kind">The event of a refusal.</param>
    /// <param name="asked">What the event says of the request beside the code.</param>
    /// <param name="work">Does it.</param>
    public T Keep<T>(Actor actor, string kind, Func<RefusedRequest> asked, Func<T> work)
    {
        ArgumentNullException.ThrowIfNull(asked);
        ArgumentNullException.ThrowIfNull(work);
        try
        {
            return work();
        }
        catch (Exception error) when (CodeOf(error) is not null)
        {
            trail.Note(actor, kind, Payload(asked(), CodeOf(error)!));
            throw;
        }
    }

    /// <summary>Writes that somebody's roles do not suffice for a policy; whose request is not read then.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="policy">One of <see cref="Accounts.Policies"/>.</param>
    public Task RefuseAsync(Actor actor, string policy) =>
        trail.WriteAsync(actor, "access.refused", new { policy, code = ErrorCodes.Forbidden });

    private static object Payload(RefusedRequest asked, string code) => new
    {
        code,
        // Names that are none are a client's own words.
        galleries = asked.Galleries?.Where(GalleryName.IsValid).Distinct(StringComparer.Ordinal).Take(MaxNames).ToList(),
        subject = asked.Subject is { } subject && SubjectId.Problem(subject) is null ? subject : null,
        asked.Purpose,
        approvalId = asked.Approval is { } approval && GalleryName.IsValid(approval) ? approval : null,
    };

    private static string? CodeOf(Exception error) => error is CodedException { Code: not ErrorCodes.QueueFull }
        or AcquisitionException or GalleryNotFoundException or ModelMismatchException or UnsaidFloorException or FilterRefusedException
        ? ErrorCodes.Of(error)
        : null;
}
