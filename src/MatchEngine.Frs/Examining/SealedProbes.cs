using System.Security.Cryptography;
using System.Text;
using MatchEngine.Frs.Probes;
using MatchEngine.Galleries.Errors;

namespace MatchEngine.Frs.Examining;

/// <summary>
/// The probes of open examinations: the one place where a probe outlives its search. Each is sealed (AES-256-GCM) under a key of its own;
/// that key is wrapped by the installation's and lies in a small file beside it. To delete a probe is to overwrite and remove its key: what
/// a journal or a backup still holds of the sealed file opens no more.
/// </summary>
/// <remarks>
/// Three things are needed to read one: the sealed file, its key file, and the secret in <c>service.db</c>. Neither of the two files ever
/// goes through a database, whose journal would keep copies. Overwriting in place does what it says on file systems that write in place; on
/// those that copy (and on flash, below the file system) the wrapped key may survive until its block is used again.
/// </remarks>
/// <param name="installation">Whose secret wraps the keys.</param>
/// <param name="options">Where the data folder is.</param>
public sealed class SealedProbes(IInstallation installation, FrsOptions options)
{
    private const string KeySuffix = ".key", ProbeSuffix = ".probe";
    private const int KeyBytes = 32, NonceBytes = 12, TagBytes = 16;

    private readonly string _folder = Path.Combine(options.DataFolder, "examinations");

    /// <summary>The examinations of which anything is on the disk.</summary>
    public IReadOnlyList<string> Ids() => Directory.Exists(_folder)
        ? [.. Directory.EnumerateFiles(_folder).Where(file => Path.GetExtension(file) is KeySuffix or ProbeSuffix)
            .Select(file => Path.GetFileNameWithoutExtension(file)!).Distinct()]
        : [];

    /// <summary>Seals a probe; it is on the disk when this returns.</summary>
    /// <exception cref="StoreException">The files cannot be written; nothing is left of them.</exception>
    public void Seal(string id, ReadOnlySpan<byte> probe)
    {
        PrivateFolder.Create(_folder);
        var key = RandomNumberGenerator.GetBytes(KeyBytes);
        try
        {
            var wrapping = WrappingKey();
            // The sealed file first: a key without one opens nothing, and the sweep at the start takes either away.
            Write(File(id, ProbeSuffix), Seal(key, probe, id));
            Write(File(id, KeySuffix), Seal(wrapping, key, id));
            CryptographicOperations.ZeroMemory(wrapping);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TryErase(id);
            throw new StoreException(
                StoreFault.Unreachable, _folder, $"{_folder}: a probe cannot be sealed for examination ({e.Message})", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Opens a sealed probe into a buffer that the caller clears by disposing of it; null when it is gone.</summary>
    /// <exception cref="StoreException">A file was changed, or cannot be read.</exception>
    public OwnedBuffer? Open(string id, IBufferObserver? observer)
    {
        try
        {
            if (!System.IO.File.Exists(File(id, KeySuffix)) || !System.IO.File.Exists(File(id, ProbeSuffix)))
                return null;
            var wrapping = WrappingKey();
            var wrapped = System.IO.File.ReadAllBytes(File(id, KeySuffix));
            var value = System.IO.File.ReadAllBytes(File(id, ProbeSuffix));
            var key = new byte[KeyBytes];
            OwnedBuffer? buffer = null;
            try
            {
                if (wrapped.Length != NonceBytes + KeyBytes + TagBytes || value.Length < NonceBytes + TagBytes)
                    throw new CryptographicException("too short");
                Open(wrapping, wrapped, key, id);
                var length = value.Length - NonceBytes - TagBytes;
                buffer = new OwnedBuffer(length, observer);
                Open(key, value, buffer.Extend(length), id);
                return buffer;
            }
            catch
            {
                buffer?.Dispose();
                throw;
            }
            finally
            {
                CryptographicOperations.ZeroMemory(key);
                CryptographicOperations.ZeroMemory(wrapping);
            }
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // Deleted between the look and the reading.
            return null;
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new StoreException(
                StoreFault.Damaged, File(id, ProbeSuffix), $"{File(id, ProbeSuffix)}: the sealed probe cannot be opened ({e.Message})", e);
        }
    }

    /// <summary>Overwrites and removes the key, then the sealed file. Nothing to do is no error.</summary>
    /// <exception cref="StoreException">A file cannot be removed; the sweep tries again.</exception>
    public void Erase(string id)
    {
        try
        {
            EraseFile(File(id, KeySuffix));
            EraseFile(File(id, ProbeSuffix));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(StoreFault.Unreachable, _folder, $"{_folder}: a sealed probe cannot be removed ({e.Message})", e);
        }
    }

    private static void EraseFile(string file)
    {
        try
        {
            using (var stream = new FileStream(
                file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0))
            {
                Span<byte> zeros = stackalloc byte[4096];
                zeros.Clear();
                for (var left = stream.Length; left > 0; left -= zeros.Length)
                    stream.Write(zeros[..(int)Math.Min(left, zeros.Length)]);
                stream.Flush(flushToDisk: true);
            }
            System.IO.File.Delete(file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // Gone already.
        }
    }

    private void TryErase(string id)
    {
        try
        {
            Erase(id);
        }
        catch (StoreException)
        {
            // The error that led here is the one to tell; the sweep removes the rest.
        }
    }

    private static void Write(string file, byte[] content)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var stream = new FileStream(file, options);
        stream.Write(content);
        stream.Flush(flushToDisk: true);
    }

    private static byte[] Seal(byte[] key, ReadOnlySpan<byte> plain, string id)
    {
        var value = new byte[NonceBytes + plain.Length + TagBytes];
        RandomNumberGenerator.Fill(value.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(
            value.AsSpan(0, NonceBytes), plain, value.AsSpan(NonceBytes, plain.Length), value.AsSpan(NonceBytes + plain.Length), Bound(id));
        return value;
    }

    private static void Open(byte[] key, byte[] value, Span<byte> plain, string id)
    {
        using var aes = new AesGcm(key, TagBytes);
        aes.Decrypt(
            value.AsSpan(0, NonceBytes), value.AsSpan(NonceBytes, value.Length - NonceBytes - TagBytes),
            value.AsSpan(value.Length - TagBytes), plain, Bound(id));
    }

    /// <summary>A sealed file opens under its own examination only.</summary>
    private static byte[] Bound(string id) => Encoding.UTF8.GetBytes($"examination\n{id}");

    private byte[] WrappingKey()
    {
        var key = new byte[KeyBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, installation.ReceiptSecret.Span, key, [], "MatchEngine examination key"u8);
        return key;
    }

    private string File(string id, string suffix) => Path.Combine(_folder, id + suffix);
}
