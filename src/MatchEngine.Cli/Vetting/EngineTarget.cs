using System.Reflection;
using MatchEngine.Faces;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Search;
using MatchEngine.Rates.Tails;
using MatchEngine.Vetting.Targets;

namespace MatchEngine.Cli.Vetting;

/// <summary>
/// The engine itself as a target, in this process and without a service around it: <c>matchengine:</c>. Its gallery lies in a folder of
/// its own, so that an interrupted examination goes on. Photos are taken by the gates of enrolment and search, and scores are told as the
/// service tells them, to four decimals. Templates are taken too, so that a load can be put on galleries of any size.
/// </summary>
internal sealed class EngineTarget : ISystemUnderTest
{
    private const string GalleryName = "vetting";

    private readonly Gallery _gallery;
    private readonly FacePipeline _pipeline;
    private readonly Embeddings _embeddings;
    private readonly TimeProvider _time;

    private EngineTarget(Gallery gallery, FacePipeline pipeline, TimeProvider time) =>
        (_gallery, _pipeline, _embeddings, _time) = (gallery, pipeline, new Embeddings(pipeline.Model), time);

    /// <summary>Opens the engine over a folder, which is made when it is missing.</summary>
    /// <param name="folder">Where its gallery lies.</param>
    /// <param name="data">The data folder with the user's own models.</param>
    /// <param name="model">Id of the embedder's card.</param>
    /// <param name="time">The run's clock.</param>
    public static EngineTarget Open(string folder, string data, string model, TimeProvider time)
    {
        var pipeline = DataFolder.LoadPipeline(data, model);
        try
        {
            Directory.CreateDirectory(folder);
            var galleries = EmbeddedStore.Galleries(folder);
            var gallery = galleries.TryOpen(GalleryName) ?? galleries.Create(GalleryName, pipeline.Model, ChangeJournal.None.Record);
            return new EngineTarget(gallery, pipeline, time);
        }
        catch
        {
            pipeline.Dispose();
            throw;
        }
    }

    public string Name => "matchengine:";

    public Uri? Address => null;

    public TargetAbilities Abilities { get; } = TargetAbilities.AllBut(Missing(), ScoreScale.Cosine);

    public Task<Exchange<TargetIdentity>> IdentifyAsync(CallTerms terms, CancellationToken cancellationToken) => CallAsync(
        "identify", terms, default, () => new TargetIdentity(
            "MatchEngine", typeof(EngineTarget).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion,
            _pipeline.Model.Id, new Dictionary<string, string> { ["model digest"] = _pipeline.Model.Digest }),
        cancellationToken);

    /// <summary>How long the engine's templates are.</summary>
    public int Dimension => _pipeline.Model.Dimension;

    public Task<Exchange<EnrolmentAnswer>> EnrolAsync(EnrolmentQuery query, CallTerms terms, CancellationToken cancellationToken)
    {
        var (bytes, extractor) = query.Face is TemplateInput template
            ? (Embeddings.ToBytes(template.Values.Span), (IFaceExtractor)_embeddings)
            : (((PhotoInput)query.Face).Bytes, _pipeline);
        return CallAsync("enrol", terms, bytes, () =>
        {
            var enrolled = _gallery.Enrol(
                extractor,
                new EnrolmentItem
                {
                    // The gallery reads and clears its own copy.
                    Image = query.Subject, Subject = query.Subject, Open = _ => ImageBytes.Of(bytes.Span),
                },
                () => ChangeJournal.None.Record, null, cancellationToken);
            return enrolled.Failure is { } failure
                ? throw new RefusedException(Kind(failure.Reason), failure.Reason, failure.Detail)
                : new EnrolmentAnswer(query.Subject, enrolled.New.Count > 0);
        }, cancellationToken);
    }

    public Task<Exchange<RemovalAnswer>> RemoveAsync(string subject, CallTerms terms, CancellationToken cancellationToken) => CallAsync(
        "remove", terms, default, () => new RemovalAnswer(_gallery.RemoveSubject(subject, ChangeJournal.None.Record)), cancellationToken);

    public Task<Exchange<SearchAnswer>> SearchAsync(SearchQuery query, CallTerms terms, CancellationToken cancellationToken) =>
        CallAsync("search", terms, (query.Probe as PhotoInput)?.Bytes ?? default, () =>
        {
            var options = new SearchOptions
            {
                ListLength = query.ListLength ?? SearchOptions.DefaultListLength, Floor = (float?)query.ScoreFloor,
            };
            var list = query.Probe is TemplateInput template
                ? Search(template.Values.Span, options, cancellationToken)
                : _gallery.Search(_pipeline, ((PhotoInput)query.Probe).Bytes.Span, options, cancellationToken);
            return new SearchAnswer([.. list.Candidates.Select(c => new CandidateAnswer(c.Rank, c.SubjectId, Told(c.Score))
            {
                Biographics = [.. c.Biographics.Keys], StrangersExpected = Told(c.StrangersExpected),
            })])
            {
                SearchId = list.SearchId.ToString(), Disclaimer = list.Disclaimer.Text, Model = list.Model, Withheld = list.Withheld,
                StrangersExpected = Told(list.StrangersExpected), StrangersUnsaid = list.StrangersExpected.Reason.ToCode(),
                Notices = list.Notices,
            };
        }, cancellationToken);

    public Task<Exchange<ComparisonAnswer>> CompareAsync(ComparisonQuery query, CallTerms terms, CancellationToken cancellationToken) =>
        CallAsync("compare", terms, query.First.Bytes, () =>
        {
            var compared = FaceComparison.Compare(
                _pipeline, query.First.Bytes.Span, query.Second.Bytes.Span, cancellationToken: cancellationToken);
            return new ComparisonAnswer(Told(compared.Score)) { Model = compared.Model, Members = ["score", "model"] };
        }, cancellationToken);

    public Task<Exchange<SearchRecordAnswer>> ReadRecordAsync(
        string searchId, CallTerms terms, CancellationToken cancellationToken) => NotSupported<SearchRecordAnswer>(Ability.SearchRecord);

    public ValueTask DisposeAsync()
    {
        _gallery.Dispose();
        _pipeline.Dispose();
        return ValueTask.CompletedTask;
    }

    private CandidateList Search(ReadOnlySpan<float> probe, SearchOptions options, CancellationToken cancellationToken)
    {
        var template = _embeddings.Template(probe);
        try
        {
            return GallerySearch.Search(
                [new GalleryScope(_gallery, BiographicFields.All)], template, _pipeline.Model, options, cancellationToken);
        }
        finally
        {
            template.Erase();
        }
    }

    private static Dictionary<Ability, string> Missing()
    {
        const string service = "the engine in process has no service around it; examine matchengine:URL";
        return new Dictionary<Ability, string>
        {
            [Ability.Purpose] = service, [Ability.SearchRecord] = service, [Ability.Credentials] = service,
            [Ability.OtherOrganisation] = service,
        };
    }

    // Work of the processor: on the pool, so that a load does not wait for the call that it begins.
    private async Task<Exchange<T>> CallAsync<T>(
        string call, CallTerms terms, ReadOnlyMemory<byte> body, Func<T> ask, CancellationToken cancellationToken)
        where T : class
    {
        var sent = new SentMessage(
            "call", call, new Dictionary<string, string>(),
            body.IsEmpty ? null : MessageDigest.Of(body.Span), body.Length);
        var running = RunningCall.Start(_time, terms);
        try
        {
            var value = await Task.Run(ask, cancellationToken);
            return new Exchange<T>(sent, null, running.End(), value);
        }
        catch (AcquisitionException refused)
        {
            return new Exchange<T>(
                sent, null, running.End(),
                new TargetFailure(Kind(refused.Reason.ToCode()), refused.Reason.ToCode(), ToldText.Of(refused.Message)));
        }
        catch (RefusedException refused)
        {
            return new Exchange<T>(sent, null, running.End(), new TargetFailure(refused.Kind, refused.Code, ToldText.Of(refused.Message)));
        }
        catch (ArgumentException refused)
        {
            return new Exchange<T>(sent, null, running.End(), new TargetFailure(FailureKind.Refused, null, ToldText.Of(refused.Message)));
        }
    }

    private Task<Exchange<T>> NotSupported<T>(Ability ability)
        where T : class => Task.FromResult(Exchange.NotSupported<T>(ability, Abilities, _time));

    private static double Told(float score) => Math.Round(score, 4);

    private static ExpectedStrangers? Told(StrangersExpected said) =>
        said.Value is { } value ? new ExpectedStrangers(value, said.Low, said.High) : null;

    private static FailureKind Kind(string code) => code switch
    {
        "no_face" => FailureKind.NoFace,
        "multiple_faces" or "no_such_face" => FailureKind.SeveralFaces,
        "low_quality" => FailureKind.PoorQuality,
        "too_large" or "too_many_pixels" => FailureKind.TooLarge,
        "unsupported_format" or "undecodable" or "unreadable" or "decoder_failed" => FailureKind.UnreadableImage,
        _ => FailureKind.Refused,
    };

    private sealed class RefusedException(FailureKind kind, string code, string detail) : Exception(detail)
    {
        public FailureKind Kind { get; } = kind;

        public string Code { get; } = code;
    }
}
