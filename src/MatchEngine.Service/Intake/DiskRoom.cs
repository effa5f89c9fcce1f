using MatchEngine.Galleries;
using MatchEngine.Galleries.Errors;

namespace MatchEngine.Service.Intake;

/// <summary>Whether the disk of the data folder takes what has to be written: no answer leaves without its audit event.</summary>
/// <param name="free">The bytes that are free.</param>
internal sealed class DiskRoom(Func<long> free)
{
    /// <summary>
    /// Below this many bytes the service says that it is not ready: enough for the events of those who are served already.
    /// </summary>
    public const long Least = FreeSpace.Reserve / 4;

    /// <summary>Whether there is room; false too when nobody can say.</summary>
    public bool IsThere
    {
        get
        {
            try
            {
                return free() >= Least;
            }
            catch (StoreException)
            {
                return false;
            }
        }
    }
}
