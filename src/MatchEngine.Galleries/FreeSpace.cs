using MatchEngine.Galleries.Errors;

namespace MatchEngine.Galleries;

/// <summary>
/// The space left on the disk of a folder. What comes from outside in bulk stops before the disk is full, for what cannot be written then
/// is the audit of everybody.
/// </summary>
public static class FreeSpace
{
    /// <summary>What is left to the databases, in bytes.</summary>
    public const long Reserve = 64 << 20;

    /// <summary>Bytes that this user may still write below a folder.</summary>
    /// <exception cref="StoreException">The folder cannot be reached.</exception>
    public static long Of(string folder)
    {
        try
        {
            return new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw StoreException.Of(e, folder);
        }
    }

    /// <summary>Refuses what would leave less than <see cref="Reserve"/>.</summary>
    /// <param name="folder">The folder it is to lie in.</param>
    /// <param name="bytes">How much is to come.</param>
    /// <exception cref="StoreException">There is no room (<see cref="StoreFault.DiskFull"/>).</exception>
    public static void Require(string folder, long bytes) => Require(Of(folder), folder, bytes);

    /// <summary>The same where it is known how much is free.</summary>
    /// <param name="free">Bytes that are free.</param>
    /// <param name="folder">The folder, for the message.</param>
    /// <param name="bytes">How much is to come.</param>
    /// <exception cref="StoreException">There is no room (<see cref="StoreFault.DiskFull"/>).</exception>
    public static void Require(long free, string folder, long bytes)
    {
        if (free - Reserve < bytes)
            throw new StoreException(
                StoreFault.DiskFull, folder, $"{folder}: the disk has no room for {bytes:N0} bytes more. Free some space and run again");
    }
}
