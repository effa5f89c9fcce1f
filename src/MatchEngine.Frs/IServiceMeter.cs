namespace MatchEngine.Frs;

/// <summary>Told how much was done and how long it took. Nothing about a person.</summary>
public interface IServiceMeter
{
    /// <summary>A search was answered.</summary>
    /// <param name="path">How the answer was found.</param>
    /// <param name="search">Comparison with the galleries.</param>
    /// <param name="extraction">From the probe's bytes to its template; zero where there was none.</param>
    void Searched(string path, TimeSpan search, TimeSpan extraction);

    /// <summary>Encounters were enrolled.</summary>
    void Enrolled(string gallery, long encounters);
}
