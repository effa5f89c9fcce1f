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
    private const string KeySuffix = ".key", ProbeSuffix = ".probe", BesideSuffix = ".beside", NewSuffix = ".new";
    private const int KeyBytes = 32, NonceBytes = 12, TagBytes = 16;

    private readonly string _folder = Path.Combine(options.DataFolder, "examinations");

    /// <summary>The examinations of which anything is on the disk.</summary>
    public IReadOnlyList<string> Ids() => Directory.Exists(_folder)
        ? [.. Directory.EnumerateFiles(_folder)
            .Where(file => Path.GetExtension(file) is KeySuffix or ProbeSuffix or BesideSuffix or NewSuffix)
            .Select(file => Path.GetFileName(file).Split('.')[0]).Distinct()]
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
            var value = System.IO.File.ReadAllBytes(File(id, ProbeSuffix));
            var key = Key(id);
            OwnedBuffer? buffer = null;
            try
            {
                if (value.Length < NonceBytes + TagBytes)
                    throw new CryptographicException("too short");
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

    /// <summary>Seals something that belongs to an examination under its probe's key, in the place of what it was before.</summary>
    /// <param name="id">The examination.</param>
    /// <param name="name">What it is called: letters and digits.</param>
    /// <param name="content">It.</param>
    /// <returns>False when the probe is gone, and its key with it.</returns>
    /// <exception cref="StoreException">The file cannot be written.</exception>
    internal bool SealBeside(string id, string name, ReadOnlySpan<byte> content)
    {
        byte[]? key = null;
        try
        {
            if (!System.IO.File.Exists(File(id, KeySuffix)))
                return false;
            key = Key(id);
            // Written aside and then put in the place: who reads meanwhile reads the one before.
            var aside = File(id, $".{name}{NewSuffix}");
            EraseFile(aside);
            Write(aside, Seal(key, content, Beside(id, name)));
            System.IO.File.Move(aside, File(id, $".{name}{BesideSuffix}"), overwrite: true);
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // Deleted between the look and the reading.
            return false;
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new StoreException(StoreFault.Unreachable, _folder, $"{_folder}: a draft cannot be sealed ({e.Message})", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Opens what was sealed beside a probe; whoever gets it clears it. Null when there is none.</summary>
    /// <exception cref="StoreException">A file was changed, or cannot be read.</exception>
    internal byte[]? OpenBeside(string id, string name)
    {
        byte[]? key = null;
        var file = File(id, $".{name}{BesideSuffix}");
        try
        {
            if (!System.IO.File.Exists(file) || !System.IO.File.Exists(File(id, KeySuffix)))
                return null;
            var value = System.IO.File.ReadAllBytes(file);
            key = Key(id);
            if (value.Length < NonceBytes + TagBytes)
                throw new CryptographicException("too short");
            var content = new byte[value.Length - NonceBytes - TagBytes];
            Open(key, value, content, Beside(id, name));
            return content;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new StoreException(StoreFault.Damaged, file, $"{file}: the sealed draft cannot be opened ({e.Message})", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Overwrites and removes what was sealed beside a probe. Nothing to do is no error.</summary>
    /// <param name="id">The examination.</param>
    /// <param name="name">What it is called; null for all.</param>
    /// <exception cref="StoreException">A file cannot be removed.</exception>
    internal void EraseBeside(string id, string? name = null)
    {
        try
        {
            if (!Directory.Exists(_folder))
                return;
            foreach (var suffix in new[] { BesideSuffix, NewSuffix })
            {
                foreach (var file in Directory.EnumerateFiles(_folder, $"{id}.{name ?? "*"}{suffix}"))
                    EraseFile(file);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(StoreFault.Unreachable, _folder, $"{_folder}: a draft cannot be removed ({e.Message})", e);
        }
    }

    /// <summary>Overwrites and removes the key, then the sealed file and what lies beside it. Nothing to do is no error.</summary>
    /// <exception cref="StoreException">A file cannot be removed; the sweep tries again.</exception>
    public void Erase(string id)
    {
        try
        {
            EraseFile(File(id, KeySuffix));
            EraseFile(File(id, ProbeSuffix));
            EraseBeside(id);
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

    private static string Beside(string id, string name) => $"{id}\n{name}";

    /// <summary>The key of a probe, unwrapped; whoever gets it clears it.</summary>
    private byte[] Key(string id)
    {
        var wrapping = WrappingKey();
        var key = new byte[KeyBytes];
        try
        {
            var wrapped = System.IO.File.ReadAllBytes(File(id, KeySuffix));
            if (wrapped.Length != NonceBytes + KeyBytes + TagBytes)
                throw new CryptographicException("too short");
            Open(wrapping, wrapped, key, id);
            return key;
        }
        catch
        {
            CryptographicOperations.ZeroMemory(key);
            throw;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(wrapping);
        }
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
