using System.Runtime.ExceptionServices;
using System.Text;
using System.Text.Json;
using MatchEngine.Frs;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Answers;
using MatchEngine.Frs.Batches;
using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Operations;
using MatchEngine.Frs.Probes;
using MatchEngine.Galleries.Errors;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Intake;
using MatchEngine.Service.Rest;
using MatchEngine.Service.Settings;
using Microsoft.Net.Http.Headers;

namespace MatchEngine.Service.DropFolder;

/// <summary>
/// An operator's queue: submissions that are laid in a folder are searched for the account that the settings name, on behalf of the
/// requester that each names, and their answers are laid beside them.
/// </summary>
/// <remarks>
/// A file is taken when it has not changed from one round to the next. It is read into memory and nowhere else, and removed before its
/// answer gets its name. Links are not followed: the link is removed and refused. What is killed in between is taken again; where the
/// answer was written already, it gets its name instead.
/// </remarks>
/// <param name="batches">Searches.</param>
/// <param name="dialect">Writes what is refused before it is searched.</param>
/// <param name="accounts">For whom.</param>
/// <param name="receipts">Take the digest by which a submission is known again.</param>
/// <param name="budget">How much memory there is.</param>
/// <param name="settings">Which folder.</param>
/// <param name="clock">Gives the time.</param>
/// <param name="observer">Told of buffers.</param>
internal sealed class DropFolderRound(
    SearchingBatches batches, IAnswerDialect dialect, IAccounts accounts, Receipts receipts, MemoryBudget budget, ServiceSettings settings,
    TimeProvider clock, IBufferObserver? observer = null)
{
    private const int MaxUnderWay = 32, MaxSeen = 10_000, MaxRequest = 64 << 10;

    /// <summary>How long a photo waits for its JSON file.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Dictionary<DroppedFile, Look> _seen = [];
    private readonly Dictionary<DroppedFile, Submitted> _underWay = [];

    /// <summary>What is being searched, and how its file looked then.</summary>
    private sealed record Submitted(string Operation, string Digest, Look Look);

    /// <summary>How a file and its request looked.</summary>
    private sealed record Look(long Length, DateTime Written, long RequestLength, DateTime RequestWritten, DateTimeOffset Since)
    {
        public bool IsSame(Look other) => (Length, Written, RequestLength, RequestWritten)
            == (other.Length, other.Written, other.RequestLength, other.RequestWritten);
    }

    /// <summary>
    /// Finishes what a kill interrupted: an answer that was written and has no name yet gets it when its submission is gone.
    /// </summary>
    public void Begin()
    {
        if (settings.DropFolderPath is not { } folder || !Directory.Exists(folder))
            return;
        foreach (var part in Directory.EnumerateFiles(folder, "*" + DroppedFile.AnswerSuffix + DroppedFile.PartSuffix)
            .Take(MaxSeen).ToList())
        {
            var answer = part[..^DroppedFile.PartSuffix.Length];
            // The submission's whole name stands before the suffix.
            if (Path.Exists(answer[..^DroppedFile.AnswerSuffix.Length]))
                File.Delete(part);
            else
                File.Move(part, answer, overwrite: true);
        }
    }

    /// <summary>One round.</summary>
    /// <exception cref="IOException">The folder, or a file in it, cannot be read or written.</exception>
    public void Run()
    {
        if (settings.DropFolderPath is not { } folder)
            return;
        PrivateFolder.Create(folder);
        if (accounts.Find(settings.DropAccount ?? "") is not { Disabled: false } account)
            throw new IOException("the account of the drop folder is not there, or is shut out");
        var actor = Actor.Of(account, "drop-folder");
        Exception? failed = null;
        foreach (var (file, submitted) in _underWay.ToList())
            failed ??= Try(() => Finish(actor, file, submitted));
        var present = new DirectoryInfo(folder).EnumerateFileSystemInfos().Where(entry => DroppedFile.IsOne(entry.Name)).Take(MaxSeen)
            .Select(entry => (Entry: entry, File: new DroppedFile(folder, entry.Name))).ToList();
        foreach (var gone in _seen.Keys.Except(present.Select(one => one.File)).ToList())
            _seen.Remove(gone);
        foreach (var (entry, file) in present.OrderBy(one => one.Entry.LastWriteTimeUtc))
            if (_underWay.Count < MaxUnderWay && !_underWay.ContainsKey(file))
                failed ??= Try(() => Consider(actor, entry, file));
        if (failed is not null)
            ExceptionDispatchInfo.Throw(failed);
    }

    // One that may not be read or written, or is being taken away, keeps no other from its turn.
    private static Exception? Try(Action one)
    {
        try
        {
            one();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e;
        }
    }

    private void Consider(Actor actor, FileSystemInfo entry, DroppedFile file)
    {
        if (entry is DirectoryInfo)
            return;
        if (entry.LinkTarget is not null)
        {
            Refuse(actor, file, "a link is not followed: lay the file itself here");
            return;
        }
        var (info, request) = ((FileInfo)entry, new FileInfo(file.Request));
        var look = LookAt(info, request);
        if (!_seen.TryGetValue(file, out var before) || !before.IsSame(look))
        {
            // Somebody may be writing still.
            _seen[file] = look;
            return;
        }
        if (info.Length > settings.Limits.ImageBytes)
            Refuse(actor, file, $"the file has {info.Length:N0} bytes; {settings.Limits.ImageBytes:N0} is the limit");
        else if (request is { Exists: true, LinkTarget: not null })
            Refuse(actor, file, "a link is not followed: lay the JSON file itself here");
        else if (request is { Exists: true, Length: > MaxRequest })
            Refuse(actor, file, $"the JSON file has {request.Length:N0} bytes; {MaxRequest:N0} is the limit");
        else if (info.Length == 0)
            Refuse(actor, file, "the file is empty");
        else if (request is { Exists: true, Length: 0 })
            // A pipe has no length either, and whoever opens one waits for somebody who writes into it.
            Refuse(actor, file, "the JSON file is empty, or no file");
        else if (request.Exists || file.IsInterchange)
            Submit(actor, file, look);
        else if (clock.GetUtcNow() - before.Since >= Patience)
            Refuse(actor, file, $"there is no '{Path.GetFileName(file.Request)}' that says why and in what to search");
    }

    private Look LookAt(FileInfo info, FileInfo request) => new(
        info.Length, info.LastWriteTimeUtc, request.Exists ? request.Length : -1, request.Exists ? request.LastWriteTimeUtc : default,
        clock.GetUtcNow());

    private void Submit(Actor actor, DroppedFile file, Look look)
    {
        var (owned, length) = (new List<IDisposable>(), (int)look.Length);
        try
        {
            var buffer = new OwnedBuffer(length, observer, budget.Of("drop folder"));
            owned.Add(buffer);
            Read(file.File, buffer.Extend(length));
            var json = look.RequestLength > 0 ? WithoutMark(File.ReadAllBytes(file.Request)) : "{}"u8.ToArray();
            var digest = receipts.Digest(Encoding.ASCII.GetBytes(receipts.Digest(buffer.Memory.Span) + receipts.Digest(json)));
            if (IsAnswered(file, digest))
            {
                new Owned(owned).Dispose();
                Remove(file, look);
                return;
            }
            var image = InterchangeProbe.Unwrap(null, new BodyPart("image", null, null, buffer.Memory), IdcOf(json), observer, owned);
            if (file.IsInterchange && image.Origin is null)
                throw new ProblemException(Problem.Unsupported, "by its name it is an ANSI/NIST file, and it holds no transaction");
            _underWay[file] = new Submitted(batches.Submit(actor, new NewBatch(
                SearchBatch.Submission, JsonSerializer.SerializeToUtf8Bytes(Request(json, image), WireJson.Options),
                new AnswerForm(file.IsInterchange, image.Origin), new HeldPhotos([image.Content], new Owned(owned)), [])).Id, digest, look);
        }
        catch (CodedException e) when (e.Code == ErrorCodes.QueueFull)
        {
            // The next round tries again.
            new Owned(owned).Dispose();
        }
        catch (Exception e) when (e is JsonException or ProblemException || (e is not StoreException && ErrorCodes.Of(e) is not null))
        {
            new Owned(owned).Dispose();
            Lay(file, dialect.Write(actor, e), null, "", look);
        }
        catch
        {
            new Owned(owned).Dispose();
            throw;
        }
    }

    private static int? IdcOf(byte[] json) => Parsed(json).Idc;

    /// <summary>What is asked for, with whoever asks: an ANSI/NIST file names its agency.</summary>
    private static SearchRequest Request(byte[] json, BodyPart image)
    {
        var request = Parsed(json);
        var requester = string.IsNullOrWhiteSpace(request.Purpose?.Requester) ? image.Origin?.Agency : request.Purpose.Requester;
        if (string.IsNullOrWhiteSpace(requester))
            throw new CodedException(
                ErrorCodes.BadValue, "purpose.requester names whoever asks: it is on their behalf that the search is made");
        return request.EncounterId is null
            ? request with { Purpose = (request.Purpose ?? new PurposeWire()) with { Requester = requester } }
            : throw new CodedException(ErrorCodes.BadValue, "a submission is searched with its own photo: leave encounterId out");
    }

    private static SearchRequest Parsed(byte[] json)
    {
        JsonText.Require(json);
        JsonFaults.RequireSingleNames(json, typeof(SearchRequest));
        try
        {
            return JsonSerializer.Deserialize<SearchRequest>(json, WireJson.Options)
                ?? throw new CodedException(ErrorCodes.BadValue, "the request is null");
        }
        catch (JsonException e)
        {
            throw JsonFaults.Explain(json, typeof(SearchRequest), e);
        }
    }

    // Some editors write the mark of UTF-8 first.
    private static byte[] WithoutMark(byte[] json) =>
        json.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? json[Encoding.UTF8.Preamble.Length..] : json;

    private void Finish(Actor actor, DroppedFile file, Submitted submitted)
    {
        KeptAnswer answer;
        try
        {
            if (batches.Find(actor, submitted.Operation).State is OperationState.Queued or OperationState.Running)
                return;
            answer = batches.Answer(actor, submitted.Operation);
        }
        catch (CodedException e)
        {
            // Ended by somebody, or expired.
            answer = dialect.Write(actor, e);
        }
        // Where it cannot be laid, laying is tried again, and not the search.
        Lay(file, answer, submitted.Operation, submitted.Digest, submitted.Look);
        _underWay.Remove(file);
    }

    private void Refuse(Actor actor, DroppedFile file, string why) =>
        Lay(file, dialect.Write(actor, new CodedException(ErrorCodes.BadValue, why)), null, "", null);

    /// <summary>Writes the answer, removes the submission, and gives the answer its name, in this order.</summary>
    private void Lay(DroppedFile file, KeptAnswer answer, string? operation, string digest, Look? look)
    {
        var isFile = answer.Headers.GetValueOrDefault(HeaderNames.ContentType) == InterchangeFiles.Type;
        if (isFile)
            Write(file.FileAnswer, answer.Body.Span);
        using var body = isFile ? null : JsonDocument.Parse(answer.Body);
        var said = JsonSerializer.SerializeToUtf8Bytes(
            new DropAnswer(operation, answer.Status, digest, isFile ? Path.GetFileName(file.FileAnswer) : null, body?.RootElement),
            WireJson.Options);
        Write(file.Answer + DroppedFile.PartSuffix, said);
        Remove(file, look);
        File.Move(file.Answer + DroppedFile.PartSuffix, file.Answer, overwrite: true);
    }

    /// <summary>Removes a submission, unless another one was laid in its place meanwhile: that one has its own turn.</summary>
    private void Remove(DroppedFile file, Look? look)
    {
        if (look is not null && new FileInfo(file.File) is { Exists: true } info && !look.IsSame(LookAt(info, new FileInfo(file.Request))))
            return;
        File.Delete(file.File);
        File.Delete(file.Request);
        _seen.Remove(file);
    }

    private static bool IsAnswered(DroppedFile file, string digest)
    {
        try
        {
            return new FileInfo(file.Answer) is { Exists: true, LinkTarget: null } info
                && JsonSerializer.Deserialize<DropAnswer>(File.ReadAllBytes(info.FullName), WireJson.Options)?.Submission == digest;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static void Read(string path, Span<byte> into)
    {
        // No stream buffer in between.
        using var handle = File.OpenHandle(path);
        for (var at = 0; at < into.Length;)
        {
            var read = RandomAccess.Read(handle, into[at..], at);
            at += read > 0 ? read : throw new IOException("the file became shorter");
        }
    }

    private static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        // Not through a link that somebody laid there.
        File.Delete(path);
        using var stream = new FileStream(path, options);
        stream.Write(bytes);
        stream.Flush(flushToDisk: true);
    }

    private sealed class Owned(List<IDisposable> buffers) : IDisposable
    {
        public void Dispose()
        {
            foreach (var buffer in buffers)
                buffer.Dispose();
            buffers.Clear();
        }
    }
}

/// <summary>The answer to a submission, as it is laid beside it.</summary>
/// <param name="Operation">By this id it can be fetched again for a while (<c>/v1/operations/{id}/result</c>); null where nothing was
/// searched.</param>
/// <param name="Status">The status that it would have had over HTTP.</param>
/// <param name="Submission">The keyed digest of the file that was submitted.</param>
/// <param name="File">The file of the answer, where it is an ANSI/NIST one.</param>
/// <param name="Answer">The answer, or what is wrong.</param>
internal sealed record DropAnswer(string? Operation, int Status, string Submission, string? File, JsonElement? Answer);
