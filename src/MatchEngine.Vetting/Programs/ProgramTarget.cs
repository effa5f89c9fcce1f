using System.ComponentModel;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using MatchEngine.Vetting.Targets;
using MatchEngine.Vetting.Transport;

namespace MatchEngine.Vetting.Programs;

/// <summary>A program that is given a JSON object and prints one: <c>command:PROGRAM ARGUMENTS</c>. One run is one call.</summary>
public sealed class ProgramTarget : ISystemUnderTest
{
    private const int MaxCandidates = 10_000;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        MaxDepth = 64, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    // What no program is asked to do, and what it need not say that it can.
    private static readonly Dictionary<Ability, string> Never = new()
    {
        [Ability.EnrolTemplate] = "a program is given photos, no templates",
        [Ability.SearchTemplate] = "a program is given photos, no templates",
        [Ability.Credentials] = "a program of this machine asks for no credential",
        [Ability.OtherOrganisation] = "a program of this machine knows no organisations",
    };

    private readonly IReadOnlyList<string> _command;
    private readonly TargetOptions _options;

    private ProgramTarget(IReadOnlyList<string> command, TargetOptions options)
    {
        (_command, _options, Name) = (command, options, $"command:{Path.GetFileName(command[0])}");
        Abilities = TargetAbilities.AllBut(Never, ScoreScale.Unknown);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public Uri? Address => null;

    /// <inheritdoc/>
    public TargetAbilities Abilities { get; private set; }

    /// <summary>Opens a target: asks the program what it can do.</summary>
    /// <param name="command">The program and its arguments, as <see cref="CommandWords.Split"/> gives them.</param>
    /// <param name="options">How long a run may take and how much it may print.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="TargetUnusableException">The program cannot be started, or does not say what it can do.</exception>
    public static async Task<ProgramTarget> OpenAsync(
        IReadOnlyList<string> command, TargetOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(options);
        if (command.Count == 0)
            throw new TargetUnusableException("command: names no program");
        var target = new ProgramTarget(command, options);
        var described = await target.AskAsync(
            CallTerms.Usual, new ProgramRequest("describe"), answer => answer, cancellationToken).ConfigureAwait(false);
        if (!described.Answered(out var told))
            throw new TargetUnusableException(
                $"{command[0]} does not say what it is: {described.Failure!.Kind}, {described.Failure.Detail}");
        if (told.Can is null || told.Scores is not { Better: "bigger" or "smaller" })
            throw new TargetUnusableException(
                $"{command[0]} says neither what it can do ('can') nor which of two scores is better ('scores.better': bigger or smaller)");
        target.Abilities = TargetAbilities.AllBut(
            Enum.GetValues<Ability>().Where(one => Never.ContainsKey(one) || !told.Can.Contains(one))
                .ToDictionary(one => one, one => Never.GetValueOrDefault(one, "the program does not say that it can")),
            told.Scores.Better == "smaller"
                ? new ScoreScale(-told.Scores.High, -told.Scores.Low, IsNegatedDistance: true)
                : new ScoreScale(told.Scores.Low, told.Scores.High, IsNegatedDistance: false));
        return target;
    }

    /// <summary>The same, with another program behind it.</summary>
    internal ProgramTarget With(IReadOnlyList<string> command) => new(command, _options) { Abilities = Abilities };

    /// <inheritdoc/>
    public Task<Exchange<TargetIdentity>> IdentifyAsync(CallTerms terms, CancellationToken cancellationToken) => AskAsync(
        terms, new ProgramRequest("describe"),
        answer => new TargetIdentity(
            ToldText.Of(answer.Product), ToldText.Of(answer.Version), ToldText.Of(answer.Model), new Dictionary<string, string>()),
        cancellationToken);

    /// <inheritdoc/>
    public Task<Exchange<EnrolmentAnswer>> EnrolAsync(EnrolmentQuery query, CallTerms terms, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return Lacking(query.Face is PhotoInput ? Ability.Enrol : Ability.EnrolTemplate) is { } lacking
            ? NotSupported<EnrolmentAnswer>(lacking)
            : AskAsync(
                terms, new ProgramRequest("enrol") { Subject = query.Subject, Image = Bytes(query.Face) },
                answer => new EnrolmentAnswer(answer.Subject ?? query.Subject, New: true), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Exchange<RemovalAnswer>> RemoveAsync(string subject, CallTerms terms, CancellationToken cancellationToken) =>
        Lacking(Ability.Remove) is { } lacking
            ? NotSupported<RemovalAnswer>(lacking)
            : AskAsync(
                terms, new ProgramRequest("remove") { Subject = subject }, _ => new RemovalAnswer(WasThere: true), cancellationToken);

    /// <inheritdoc/>
    public Task<Exchange<SearchAnswer>> SearchAsync(SearchQuery query, CallTerms terms, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return Lacking(query.Probe is PhotoInput ? Ability.Search : Ability.SearchTemplate) is { } lacking
            ? NotSupported<SearchAnswer>(lacking)
            : AskAsync(
                terms,
                new ProgramRequest("search")
                {
                    Image = Bytes(query.Probe), ListLength = query.ListLength,
                    ScoreFloor = Turned(query.ScoreFloor), Purpose = query.Purpose,
                },
                Answer, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Exchange<ComparisonAnswer>> CompareAsync(ComparisonQuery query, CallTerms terms, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (Lacking(Ability.Compare) is { } lacking)
            return NotSupported<ComparisonAnswer>(lacking);
        return AskAsync(
            terms,
            new ProgramRequest("compare") { Image = Bytes(query.First), Second = Bytes(query.Second), Purpose = query.Purpose },
            (answer, printed) => new ComparisonAnswer(Turned(answer.Score))
            {
                Disclaimer = answer.Disclaimer, Model = ToldText.Of(answer.Model), Members = MemberNames.Of(printed.Span),
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Exchange<SearchRecordAnswer>> ReadRecordAsync(string searchId, CallTerms terms, CancellationToken cancellationToken) =>
        Lacking(Ability.SearchRecord) is { } lacking
            ? NotSupported<SearchRecordAnswer>(lacking)
            : AskAsync(
                terms, new ProgramRequest("record") { SearchId = searchId },
                answer => new SearchRecordAnswer(searchId, ToldText.Of(answer.Purpose), answer.Recorded), cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static byte[] Bytes(FaceInput face) => ((PhotoInput)face).Bytes.ToArray();

    private SearchAnswer Answer(ProgramAnswer answer)
    {
        if (answer.Candidates is not { } candidates)
            throw TargetAnswerException.Broken("'candidates' is missing");
        if (candidates.Count > MaxCandidates)
            throw TargetAnswerException.Broken($"more than {MaxCandidates} candidates");
        return new SearchAnswer([.. candidates.Select((one, place) => new CandidateAnswer(
            one?.Rank ?? place + 1, one?.Subject ?? throw TargetAnswerException.Broken($"candidate {place + 1} has no subject"),
            Turned(one.Score)))])
        {
            SearchId = answer.SearchId,
            Disclaimer = answer.Disclaimer,
            Model = ToldText.Of(answer.Model),
            StrangersExpected = answer.StrangersExpected is { } strangers ? new ExpectedStrangers(strangers, null, null) : null,
            Withheld = Math.Max(0, answer.Withheld),
        };
    }

    private double? Turned(double? score) => score is { } told && !double.IsFinite(told)
        ? throw TargetAnswerException.Broken("a score is no number")
        : Abilities.Scores.IsNegatedDistance && score is not 0 ? -score : score;

    private Ability? Lacking(Ability ability) => Abilities.Has(ability) ? null : ability;

    private Task<Exchange<T>> AskAsync<T>(
        CallTerms terms, ProgramRequest request, Func<ProgramAnswer, T> read, CancellationToken cancellationToken)
        where T : class => AskAsync(terms, request, (answer, _) => read(answer), cancellationToken);

    private async Task<Exchange<T>> AskAsync<T>(
        CallTerms terms, ProgramRequest request, Func<ProgramAnswer, ReadOnlyMemory<byte>, T> read, CancellationToken cancellationToken)
        where T : class
    {
        cancellationToken.ThrowIfCancellationRequested();
        var input = JsonSerializer.SerializeToUtf8Bytes(request, ProgramJson.Default.ProgramRequest);
        var sent = new SentMessage(
            "run", Path.GetFileName(_command[0]), new Dictionary<string, string> { ["call"] = request.Call },
            MessageDigest.Of(input), input.Length);
        using var late = new CancellationTokenSource(_options.Timeout, _options.Time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        var running = RunningCall.Start(_options.Time, terms);
        ReceivedMessage? received = null;
        try
        {
            var run = await ProgramRun.MakeAsync(_command, input, _options.MaxAnswerBytes, ended.Token).ConfigureAwait(false);
            received = Received(run);
            return new Exchange<T>(sent, received, running.End(), Value(run, read));
        }
        catch (TargetAnswerException answer)
        {
            return new Exchange<T>(sent, received, running.End(), answer.Failure);
        }
        catch (Exception error) when (Failure(error, cancellationToken) is { } failure)
        {
            return new Exchange<T>(sent, received, running.End(), failure);
        }
        finally
        {
            foreach (var photo in (byte[]?[])[request.Image, request.Second, input])
                CryptographicOperations.ZeroMemory(photo);
        }
    }

    private static T Value<T>(ProgramRun run, Func<ProgramAnswer, ReadOnlyMemory<byte>, T> read)
    {
        // A program that says why it refuses may also say so by its exit code.
        ProgramAnswer? answer = null;
        if (!run.Output.IsEmpty)
            answer = JsonSerializer.Deserialize<ProgramAnswer>(run.Output.Span, Json);
        if (answer?.Failure is { } failure)
            throw new TargetAnswerException(new TargetFailure(failure.Kind, null, ToldText.Of(failure.Detail)));
        if (run.ExitCode != 0)
            throw new TargetAnswerException(
                new TargetFailure(FailureKind.TargetFault, $"exit code {run.ExitCode}", run.Complaints.Length > 0 ? run.Complaints : null));
        return answer is null ? throw TargetAnswerException.Broken("nothing was printed") : read(answer, run.Output);
    }

    private static TargetFailure? Failure(Exception error, CancellationToken cancellationToken) => error switch
    {
        OperationCanceledException when !cancellationToken.IsCancellationRequested =>
            new TargetFailure(FailureKind.TimedOut, null, "it did not end within the time, and was killed"),
        JsonException => new TargetFailure(FailureKind.BrokenAnswer, null, ToldText.Of(error.Message)),
        ProgramOutputException => new TargetFailure(FailureKind.AnswerTooLarge, null, error.Message),
        Win32Exception => new TargetFailure(FailureKind.Unreachable, null, ToldText.Of(error.Message)),
        _ => null,
    };

    private static ReceivedMessage Received(ProgramRun run)
    {
        var headers = new Dictionary<string, string>();
        if (run.Complaints.Length > 0)
            headers["standard error"] = run.Complaints;
        return new ReceivedMessage(
            run.ExitCode, headers, MessageDigest.Of(run.Output.Span), run.Output.Length,
            Excerpt.Of(run.Output.Span, "application/json"));
    }

    private Task<Exchange<T>> NotSupported<T>(Ability ability)
        where T : class => Task.FromResult(Exchange.NotSupported<T>(ability, Abilities, _options.Time));
}
