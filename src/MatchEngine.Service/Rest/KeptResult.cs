using MatchEngine.Frs.Answers;

namespace MatchEngine.Service.Rest;

/// <summary>An answer that was kept, as it would have left at once.</summary>
internal sealed class KeptResult(KeptAnswer answer) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
            response.Headers[name] = value;
        return answer.Body.IsEmpty ? Task.CompletedTask : response.Body.WriteAsync(answer.Body).AsTask();
    }
}
