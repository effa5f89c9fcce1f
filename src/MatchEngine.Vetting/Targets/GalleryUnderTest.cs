namespace MatchEngine.Vetting.Targets;

/// <summary>The gallery that is examined, where a target has several.</summary>
internal static class GalleryUnderTest
{
    /// <summary>Finds it, or makes it where there is none of its name.</summary>
    /// <param name="target">The target; it is ended where the gallery cannot be used.</param>
    /// <param name="gallery">What it is called, for people: "the gallery 'vetting'".</param>
    /// <param name="create">Makes it.</param>
    /// <param name="cancellationToken">Ends the calls.</param>
    /// <returns>The target.</returns>
    /// <exception cref="TargetUnusableException">The target or the gallery cannot be used.</exception>
    public static async Task<T> FindOrMakeAsync<T>(
        T target, string gallery, Func<CancellationToken, Task<Exchange<TargetIdentity>>> create, CancellationToken cancellationToken)
        where T : ISystemUnderTest
    {
        try
        {
            var found = await target.IdentifyAsync(CallTerms.Usual, cancellationToken).ConfigureAwait(false);
            if (found.Failure is { Kind: FailureKind.NotFound })
                found = await create(cancellationToken).ConfigureAwait(false);
            return found.Failure is not { } failure
                ? target
                : throw new TargetUnusableException(
                    $"{gallery} of {target.Address} cannot be used: {failure.Detail ?? failure.Kind.ToString()}");
        }
        catch
        {
            await target.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
