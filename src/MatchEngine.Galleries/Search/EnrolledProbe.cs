namespace MatchEngine.Galleries.Search;

/// <summary>A subject that is not to be listed: of which gallery, and its row there.</summary>
internal sealed record OwnSubject(string Gallery, long Row);

/// <summary>An enrolled encounter as a probe; its template is erased on <see cref="Dispose"/>.</summary>
internal sealed class EnrolledProbe : IDisposable
{
    private EnrolledProbe(Probe probe, OwnSubject? own) => (Probe, Own) = (probe, own);

    /// <summary>The probe.</summary>
    public Probe Probe { get; }

    /// <summary>Whom to leave out; null: nobody.</summary>
    public OwnSubject? Own { get; }

    /// <summary>The encounter with its template; null when there is none.</summary>
    public static EnrolledProbe? Find(Gallery home, string encounterId, bool includeOwnSubject)
    {
        if (home.FindTemplate(encounterId) is not var (encounter, stored))
            return null;
        var face = new ProbeFace(encounter.Box, encounter.Confidence, encounter.FacesFound, encounter.ImageWidth, encounter.ImageHeight)
        {
            Number = encounter.Face,
        };
        return new EnrolledProbe(
            Probe.Of(stored.Template, face), includeOwnSubject ? null : new OwnSubject(home.Name, stored.Subject));
    }

    /// <summary>Overwrites the template.</summary>
    public void Dispose() => Probe.Templates[0].Erase();
}
