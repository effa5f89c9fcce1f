using System.Text.Json;
using MatchEngine.Frs;
using MatchEngine.Frs.Answers;
using MatchEngine.Frs.Searching;
using MatchEngine.Service.Rest;
using Microsoft.Net.Http.Headers;

namespace MatchEngine.Service.Hosting;

/// <summary>What REST says to a search, for who fetches it later: the same bytes as at once.</summary>
internal sealed class RestAnswers(InterchangeAnswer file, ILogger<ErrorAnswers> log) : IAnswerDialect
{
    private readonly ErrorAnswers _errors = new(static _ => Task.CompletedTask, log);

    /// <inheritdoc/>
    public Frs.Searching.SearchRequest Read(ReadOnlyMemory<byte> request) =>
        JsonSerializer.Deserialize<Rest.SearchRequest>(request.Span, WireJson.Options)!.ToRequest(needsScores: false);

    /// <inheritdoc/>
    public KeptAnswer Write(Actor actor, SearchAnswer answer, Frs.Probes.DeletionReceipt? receipt, AnswerForm form)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(form);
        return form.IsInterchange
            ? new KeptAnswer(
                StatusCodes.Status200OK, SearchesResource.FileHeaders(answer, receipt), file.Write(actor, answer, form.Origin))
            : new KeptAnswer(
                StatusCodes.Status200OK, Of("application/json; charset=utf-8"),
                JsonSerializer.SerializeToUtf8Bytes(
                    SearchResponse.Of(answer, receipt is null ? null : Rest.DeletionReceipt.Of(receipt)), WireJson.Options));
    }

    /// <inheritdoc/>
    public KeptAnswer Write(Actor actor, Exception error)
    {
        ArgumentNullException.ThrowIfNull(actor);
        var problem = _errors.Translate(error);
        return new KeptAnswer(
            problem.Kind.Status, Of("application/problem+json"),
            JsonSerializer.SerializeToUtf8Bytes(ProblemJson.Body(problem, actor.RequestId), WireJson.Options));
    }

    private static Dictionary<string, string> Of(string contentType) => new() { [HeaderNames.ContentType] = contentType };
}
