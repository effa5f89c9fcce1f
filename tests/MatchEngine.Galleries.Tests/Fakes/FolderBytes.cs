
namespace MatchEngine.Galleries.Tests.Fakes;

/// <summary>Looks for a sequence of bytes in every file below a folder.</summary>
internal static class FolderBytes
{
    public static bool Contain(string folder, ReadOnlySpan<byte> sought)
    {
        foreach (var file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var content = new MemoryStream();
            stream.CopyTo(content);
            if (content.GetBuffer().AsSpan(0, (int)content.Length).IndexOf(sought) >= 0)
                return true;
        }
        return false;
    }
}
