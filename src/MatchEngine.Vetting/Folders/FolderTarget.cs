using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MatchEngine.Interchange;
using MatchEngine.Interchange.Images;
using MatchEngine.Interchange.Searches;
using MatchEngine.Vetting.Targets;
using MatchEngine.Vetting.Transport;

namespace MatchEngine.Vetting.Folders;

/// <summary>
/// A service that is reached by files: <c>folder:DIR</c>. Submissions are written as numbered ANSI/NIST files, and what somebody lays
/// beside them is read. A search whose answer is not there yet is pending; the same search of a later run has the same number.
/// </summary>
public sealed class FolderTarget : ISystemUnderTest
{
    private const string Gallery = "gallery", Submissions = "submissions", Answers = "answers", About = "about.json";
    private const string Agency = "VETTING";

    private readonly Lock _enrolling = new();
    private readonly SubmissionLedger _submissions;
    private readonly SubmissionLedger _photos;
    private readonly string _folder;
    private readonly TargetOptions _options;

    private FolderTarget(string folder, TargetOptions options)
    {
        (_folder, _options) = (folder, options);
        foreach (var name in (string[])[Gallery, Submissions, Answers])
            Directory.CreateDirectory(Path.Combine(folder, name));
        _submissions = SubmissionLedger.Open(Path.Combine(folder, "submissions.csv"));
        _photos = SubmissionLedger.Open(Path.Combine(folder, "photos.csv"));
        const string filesOnly = "submissions in files search, and ask nothing else";
        Abilities = TargetAbilities.AllBut(
            new Dictionary<Ability, string>
            {
                [Ability.EnrolTemplate] = "files hold photos, no templates",
                [Ability.SearchTemplate] = "files hold photos, no templates",
                [Ability.Remove] = filesOnly,
                [Ability.Compare] = filesOnly,
                [Ability.ComparisonScore] = filesOnly,
                [Ability.SearchRecord] = filesOnly,
                [Ability.Credentials] = "files carry no credential",
                [Ability.OtherOrganisation] = "files carry no credential",
                [Ability.PromptAnswers] = "answers are files, which somebody lays there some time",
            },
            ScoreScale.Unknown);
    }

    /// <inheritdoc/>
    public string Name => $"folder:{Path.GetFileName(_folder)}";

    /// <inheritdoc/>
    public Uri? Address => null;

    /// <inheritdoc/>
    public TargetAbilities Abilities { get; }

    /// <summary>Opens a folder, or begins one.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="options">Bounds and clock.</param>
    /// <exception cref="TargetUnusableException">It cannot be written to, or holds something else.</exception>
    public static FolderTarget Open(string folder, TargetOptions options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentNullException.ThrowIfNull(options);
        try
        {
            return new FolderTarget(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)), options);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new TargetUnusableException($"the folder {folder} cannot be used: {error.Message}", error);
        }
    }

    /// <inheritdoc/>
    public Task<Exchange<TargetIdentity>> IdentifyAsync(CallTerms terms, CancellationToken cancellationToken) => Task.FromResult(
        Call(terms, running =>
        {
            var (bytes, received) = Read(Path.Combine(_folder, About));
            if (bytes is null)
                return new Exchange<TargetIdentity>(
                    SentMessage.Nothing, null, running.End(),
                    new TargetIdentity("a service that is reached by files", null, null, new Dictionary<string, string>()));
            var told = JsonSerializer.Deserialize<AboutShape>(bytes, JsonSerializerOptions.Web)
                ?? throw TargetAnswerException.Broken($"{About} holds null");
            return new Exchange<TargetIdentity>(
                SentMessage.Nothing, received, running.End(),
                new TargetIdentity(
                    ToldText.Of(told.Product), ToldText.Of(told.Version), ToldText.Of(told.Model),
                    (told.Settings ?? []).Take(50).ToDictionary(one => ToldText.Of(one.Key, 100)!, one => ToldText.Of(one.Value)!)));
        }, cancellationToken));

    /// <inheritdoc/>
    public Task<Exchange<EnrolmentAnswer>> EnrolAsync(EnrolmentQuery query, CallTerms terms, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return query.Face is not PhotoInput photo
            ? NotSupported<EnrolmentAnswer>(Ability.EnrolTemplate)
            : Task.FromResult(Call(terms, running =>
            {
                lock (_enrolling)
                {
                    var digest = Digest(query.Subject, MessageDigest.Of(photo.Bytes.Span));
                    var number = _photos.NumberOf(digest);
                    var name = $"{number:000000}{Extension(photo)}";
                    var file = Path.Combine(_folder, Gallery, name);
                    var isNew = !File.Exists(file);
                    if (isNew)
                    {
                        // The row first: a photo that nobody can put a name to is worth nothing, and a row without a photo is seen.
                        Append(Path.Combine(_folder, Gallery, "metadata.csv"), "image,subject", $"{name},{query.Subject}");
                        Write(file, photo.Bytes.Span);
                    }
                    return new Exchange<EnrolmentAnswer>(
                        Sent($"{Gallery}/{name}", photo.Bytes.Span), null, running.End(), new EnrolmentAnswer(query.Subject, isNew));
                }
            }, cancellationToken));
    }

    /// <inheritdoc/>
    public Task<Exchange<RemovalAnswer>> RemoveAsync(string subject, CallTerms terms, CancellationToken cancellationToken) =>
        NotSupported<RemovalAnswer>(Ability.Remove);

    /// <inheritdoc/>
    public Task<Exchange<SearchAnswer>> SearchAsync(SearchQuery query, CallTerms terms, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return query.Probe is not PhotoInput photo
            ? NotSupported<SearchAnswer>(Ability.SearchTemplate)
            : Task.FromResult(Call(terms, running => Search(query, photo, running), cancellationToken));
    }

    /// <inheritdoc/>
    public Task<Exchange<ComparisonAnswer>> CompareAsync(ComparisonQuery query, CallTerms terms, CancellationToken cancellationToken) =>
        NotSupported<ComparisonAnswer>(Ability.Compare);

    /// <inheritdoc/>
    public Task<Exchange<SearchRecordAnswer>> ReadRecordAsync(string searchId, CallTerms terms, CancellationToken cancellationToken) =>
        NotSupported<SearchRecordAnswer>(Ability.SearchRecord);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Exchange<SearchAnswer> Search(SearchQuery query, PhotoInput photo, RunningCall running)
    {
        if (ImageHeader.Read(photo.Bytes.Span) is not { } image || Math.Min(image.Width, image.Height) < 10)
            return new Exchange<SearchAnswer>(
                SentMessage.Nothing, null, running.End(),
                new TargetFailure(
                    FailureKind.NotSupported, null,
                    "a Type-10 record holds a JPEG, PNG or JPEG 2000 of at least 10 pixels a side, which this is not"));
        var number = _submissions.NumberOf(Digest(
            MessageDigest.Of(photo.Bytes.Span), $"{query.ListLength}",
            query.ScoreFloor?.ToString("R", CultureInfo.InvariantCulture) ?? "", $"{query.Purpose}"));
        var name = number.ToString("000000", CultureInfo.InvariantCulture);
        var control = $"{Agency}-{name}";
        var file = Path.Combine(_folder, Submissions, $"{name}.an2");
        // One that lies there was made at another time, and is what was sent.
        var isThere = File.Exists(file);
        var submission = isThere ? File.ReadAllBytes(file) : Submission(query, photo, image, control);
        try
        {
            if (!isThere)
                Write(file, submission);
            var sent = Sent($"{Submissions}/{name}.an2", submission);
            foreach (var extension in AnswerFile.Extensions)
            {
                var (bytes, received) = Read(Path.Combine(_folder, Answers, name + extension));
                if (bytes is null)
                    continue;
                try
                {
                    return new Exchange<SearchAnswer>(sent, received, running.End(), AnswerFile.Read(bytes, extension, control));
                }
                catch (TargetAnswerException error)
                {
                    return new Exchange<SearchAnswer>(sent, received, running.End(), Named(error.Failure, name + extension));
                }
                catch (JsonException error)
                {
                    return new Exchange<SearchAnswer>(
                        sent, received, running.End(),
                        Named(new TargetFailure(FailureKind.BrokenAnswer, null, ToldText.Of(error.Message)), name + extension));
                }
            }
            return new Exchange<SearchAnswer>(
                sent, null, running.End(),
                new TargetFailure(
                    FailureKind.Pending, null, $"no answer yet: {Answers}/{name} with {string.Join(", ", AnswerFile.Extensions)}"));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(submission);
        }
    }

    private byte[] Submission(SearchQuery query, PhotoInput photo, ImageHeader image, string control)
    {
        var face = new FaceRecordContent
        {
            Image = photo.Bytes,
            Width = image.Width,
            Height = image.Height,
            Compression = image.Compression,
            ColorSpace = image.Channels == 1 ? ColorSpaces.Gray : ColorSpaces.Rgb,
            SourceAgency = Agency,
            PhotoDate = DateOnly.FromDateTime(_options.Time.GetUtcNow().UtcDateTime),
        };
        return new TransactionBuilder
        {
            TransactionType = SubmissionWriter.FaceSearch,
            Time = _options.Time.GetUtcNow(),
            DestinationAgency = Agency,
            OriginatingAgency = Agency,
            ControlNumber = control,
        }.Add(new SearchTerms
        {
            CaseNumber = query.Purpose?.CaseNumber,
            Basis = query.Purpose?.Basis,
            Requester = query.Purpose?.Requester,
            ListLength = query.ListLength,
            Floor = query.ScoreFloor,
        }.ToRecord()).Add(face.ToRecord(idc: 1)).ToBytes();
    }

    private Exchange<T> Call<T>(CallTerms terms, Func<RunningCall, Exchange<T>> ask, CancellationToken cancellationToken)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(terms);
        cancellationToken.ThrowIfCancellationRequested();
        var running = RunningCall.Start(_options.Time, terms);
        try
        {
            return ask(running);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Failed(FailureKind.Unreachable, error.Message);
        }
        catch (JsonException error)
        {
            return Failed(FailureKind.BrokenAnswer, error.Message);
        }
        catch (TargetAnswerException error)
        {
            return new Exchange<T>(SentMessage.Nothing, null, running.End(), error.Failure);
        }

        Exchange<T> Failed(FailureKind kind, string detail) =>
            new(SentMessage.Nothing, null, running.End(), new TargetFailure(kind, null, ToldText.Of(detail)));
    }

    // What lies in the folder is somebody else's: no link is followed, and no more is read than an answer may be long.
    private (byte[]? Bytes, ReceivedMessage? Received) Read(string file)
    {
        var info = new FileInfo(file);
        if (!info.Exists)
            return default;
        var name = Path.GetFileName(file);
        if (info.LinkTarget is not null)
            throw TargetAnswerException.Broken($"{name} is a link, which is not followed");
        using var stream = info.OpenRead();
        var bytes = new byte[Math.Min(stream.Length, _options.MaxAnswerBytes) + 1];
        var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (length > _options.MaxAnswerBytes)
            throw new TargetAnswerException(
                new TargetFailure(FailureKind.AnswerTooLarge, null, $"{name} is longer than {_options.MaxAnswerBytes} bytes"));
        var whole = bytes[..length];
        var isText = !name.EndsWith(".an2", StringComparison.OrdinalIgnoreCase);
        return (whole, new ReceivedMessage(
            null, new Dictionary<string, string> { ["file"] = name }, MessageDigest.Of(whole), length,
            isText ? Excerpt.Of(whole, "text/plain") : ""));
    }

    private static TargetFailure Named(TargetFailure failure, string file) =>
        failure.Kind == FailureKind.BrokenAnswer ? failure with { Detail = $"{Answers}/{file}: {failure.Detail}" } : failure;

    private static SentMessage Sent(string name, ReadOnlySpan<byte> bytes) => new(
        "write", name, new Dictionary<string, string>(), MessageDigest.Of(bytes), bytes.Length);

    private static string Extension(PhotoInput photo) => photo.MediaType switch
    {
        "image/png" => ".png",
        "image/jp2" => ".jp2",
        _ => ".jpg",
    };

    private static string Digest(params ReadOnlySpan<string> parts)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            digest.AppendData(BitConverter.GetBytes(bytes.Length));
            digest.AppendData(bytes);
        }
        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }

    // Whoever waits for files sees whole ones.
    private static void Write(string file, ReadOnlySpan<byte> bytes)
    {
        var partial = file + ".partial";
        using (var stream = File.Create(partial))
            stream.Write(bytes);
        File.Move(partial, file, overwrite: true);
    }

    private static void Append(string file, string header, string row)
    {
        using var stream = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.Read);
        stream.Write(Encoding.UTF8.GetBytes(stream.Position == 0 ? $"{header}\n{row}\n" : $"{row}\n"));
    }

    private Task<Exchange<T>> NotSupported<T>(Ability ability)
        where T : class => Task.FromResult(Exchange.NotSupported<T>(ability, Abilities, _options.Time));

    private sealed record AboutShape(
        string? Product = null, string? Version = null, string? Model = null, Dictionary<string, string>? Settings = null);
}
