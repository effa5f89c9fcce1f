using System.Text.Json;
using MatchEngine.Frs;
using MatchEngine.Service.Rest;
using MatchEngine.Service.Settings;

namespace MatchEngine.Service.Sandbox;

/// <summary>
/// Where a sandbox lives: its data folder (<c>data</c>), the same as it was made (<c>pristine</c>), the photos of its people
/// (<c>photos</c>), and <c>sandbox.json</c> with its keys. A folder that anybody else's data may lie in is refused.
/// </summary>
internal sealed class SandboxFolder : IDisposable
{
    private const string RecordName = "sandbox.json";

    private static readonly JsonSerializerOptions Readable = new(WireJson.Options) { WriteIndented = true };

    private readonly bool _isTemporary;

    private SandboxFolder(string root, bool isTemporary) => (Root, _isTemporary) = (root, isTemporary);

    /// <summary>Its full path.</summary>
    public string Root { get; }

    /// <summary>The data folder of the service.</summary>
    public string Data => Path.Combine(Root, "data");

    /// <summary>The photos, a person each.</summary>
    public string Photos => Path.Combine(Root, "photos");

    /// <summary>What is told of it.</summary>
    public string RecordFile => Path.Combine(Root, RecordName);

    private string Pristine => Path.Combine(Root, "pristine");

    /// <summary>Takes a folder: the one that is named, or a new one of this user's alone that goes when the sandbox ends.</summary>
    /// <param name="named">An empty folder, one that is not there yet, or one that a sandbox made; null for a new one.</param>
    /// <exception cref="ServiceSettingsException">Something else lies in it, or it cannot be made.</exception>
    public static SandboxFolder Take(string? named)
    {
        if (string.IsNullOrWhiteSpace(named))
            return new SandboxFolder(Directory.CreateTempSubdirectory("matchengine-sandbox-").FullName, isTemporary: true);
        var root = Path.GetFullPath(named);
        try
        {
            PrivateFolder.Create(root);
            var folder = new SandboxFolder(root, isTemporary: false);
            // One whose lock alone is there was killed before it began.
            if (!File.Exists(folder.RecordFile)
                && Directory.EnumerateFileSystemEntries(root).Any(entry => Path.GetFileName(entry) != "service.lock"))
                throw new ServiceSettingsException(
                    $"{root}: is neither empty nor of a sandbox, and a sandbox overwrites what lies in its folder. Name another one with "
                        + "--data (or MATCHENGINE_DATA_DIR), or none for a new one");
            return folder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ServiceSettingsException($"{root}: cannot be used for a sandbox ({e.Message}). Name another folder with --data", e);
        }
    }

    /// <summary>What was told of a sandbox that was wholly made here; null where none was.</summary>
    /// <exception cref="ServiceSettingsException">The file is none that this version wrote.</exception>
    public SandboxRecord? Read()
    {
        if (!File.Exists(RecordFile))
            return null;
        try
        {
            var record = JsonSerializer.Deserialize<SandboxRecord>(File.ReadAllBytes(RecordFile), WireJson.Options);
            return record is { Format: SandboxRecord.PresentFormat, IsComplete: true } && Directory.Exists(Pristine) ? record : null;
        }
        catch (JsonException e)
        {
            throw new ServiceSettingsException(
                $"{RecordFile}: cannot be read as what a sandbox of this version writes. Delete the folder, or name another one", e);
        }
    }

    /// <summary>Empties it of an earlier sandbox, and says that one is being made.</summary>
    public void Begin()
    {
        Write(new SandboxRecord { IsComplete = false });
        foreach (var part in (string[])[Data, Pristine, Photos])
        {
            if (Directory.Exists(part))
                Directory.Delete(part, recursive: true);
            PrivateFolder.Create(part);
        }
    }

    /// <summary>Keeps the data folder as it is now, for every later reset, and writes down what there is to know.</summary>
    public void Keep(SandboxRecord record)
    {
        Directory.Delete(Pristine, recursive: true);
        Copy(Data, Pristine);
        Write(record);
    }

    /// <summary>Brings the data folder back to what was kept.</summary>
    public void Restore()
    {
        if (Directory.Exists(Data))
            Directory.Delete(Data, recursive: true);
        Copy(Pristine, Data);
    }

    /// <summary>Removes a folder that was made for this process alone.</summary>
    public void Dispose()
    {
        if (_isTemporary && Directory.Exists(Root))
            Directory.Delete(Root, recursive: true);
    }

    private void Write(SandboxRecord record)
    {
        // New files belong to their owner alone: NewFiles sees to it before any is made.
        var beside = RecordFile + ".new";
        File.WriteAllBytes(beside, JsonSerializer.SerializeToUtf8Bytes(record, Readable));
        File.Move(beside, RecordFile, overwrite: true);
    }

    private static void Copy(string from, string to)
    {
        PrivateFolder.Create(to);
        foreach (var file in Directory.EnumerateFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var folder in Directory.EnumerateDirectories(from))
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
    }
}
