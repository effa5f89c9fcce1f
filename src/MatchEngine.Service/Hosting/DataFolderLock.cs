using MatchEngine.Frs;
using MatchEngine.Service.Settings;

namespace MatchEngine.Service.Hosting;

/// <summary>One service a data folder: the second one is told so at its start, instead of both sending half of the notifications.</summary>
/// <remarks>
/// The <c>matchengine</c> command may use the folder meanwhile. The lock is the operating system's and ends with the process, however it
/// ends.
/// </remarks>
internal sealed class DataFolderLock : IDisposable
{
    private readonly FileStream _file;

    private DataFolderLock(FileStream file) => _file = file;

    /// <exception cref="ServiceSettingsException">Another service holds the folder, or it may not be written.</exception>
    public static DataFolderLock Take(string folder)
    {
        var path = Path.Combine(folder, "service.lock");
        try
        {
            PrivateFolder.Create(folder);
            return new DataFolderLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new ServiceSettingsException(
                $"{path}: may not be written. Give this user write permission, or choose another folder with --data", e);
        }
        catch (IOException e) when (!IsHeld(e))
        {
            throw new ServiceSettingsException(
                $"{path}: cannot be made ({e.Message}). Give a folder that is there and that this user may write, with --data", e);
        }
        catch (IOException e)
        {
            throw new ServiceSettingsException(
                $"{folder}: another service is running on this data folder ({e.Message}). Stop it, or choose another folder with --data",
                e);
        }
    }

    public void Dispose() => _file.Dispose();

    // EWOULDBLOCK of Linux and of macOS, ERROR_SHARING_VIOLATION of Windows. All else (a read-only file system, a full disk) is no service.
    private static bool IsHeld(IOException error) => (error.HResult & 0xFFFF) is 11 or 35 or 32;
}
