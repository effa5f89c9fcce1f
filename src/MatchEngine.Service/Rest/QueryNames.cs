using System.Globalization;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Intake;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Primitives;

namespace MatchEngine.Service.Rest;

/// <summary>
/// Refuses what stands in the query of a resource and is not known there, before anything is done: a misspelt <c>untill</c> must not list
/// all. What is known are the parameters of the resource's handler.
/// </summary>
internal static class QueryNames
{
    /// <exception cref="ProblemException">A name is not known, stands twice, or has a value of another kind.</exception>
    public static Task Check(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Query.Count > 0 && context.GetEndpoint() is RouteEndpoint endpoint
            && endpoint.RoutePattern.RawText?.StartsWith("/v1/", StringComparison.Ordinal) == true)
        {
            var known = Known(endpoint);
            foreach (var (name, values) in context.Request.Query)
                Check(name, values, known);
        }
        return next(context);
    }

    private static Dictionary<string, Type> Known(RouteEndpoint endpoint) => endpoint.Metadata
        .GetOrderedMetadata<IParameterBindingMetadata>()
        .Where(parameter => endpoint.RoutePattern.GetParameter(parameter.Name) is null
            && (parameter.HasTryParse || parameter.ParameterInfo.ParameterType == typeof(string)))
        .ToDictionary(parameter => parameter.Name, parameter => parameter.ParameterInfo.ParameterType, StringComparer.OrdinalIgnoreCase);

    private static void Check(string name, StringValues values, Dictionary<string, Type> known)
    {
        if (!known.TryGetValue(name, out var type))
            throw new ProblemException(Problem.BadValue, KnownNames.Refusal(name, name, known.Keys));
        if (values is not [var text])
            throw new ProblemException(Problem.BadValue, $"'{name}' stands {values.Count} times in the query; one is taken");
        if (!Reads(text ?? "", Nullable.GetUnderlyingType(type) ?? type))
            throw new ProblemException(
                Problem.BadValue, $"'{name}' is {ValueWords.Expected(type)}; '{KnownNames.Shown(text ?? "")}' stands there");
    }

    private static bool Reads(string text, Type type) => type switch
    {
        _ when type == typeof(int) => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _),
        _ when type == typeof(long) => long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _),
        _ when type == typeof(float) || type == typeof(double) =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _),
        _ when type == typeof(bool) => bool.TryParse(text, out _),
        _ when type == typeof(DateTimeOffset) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        _ when type == typeof(DateOnly) => DateOnly.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        _ => true,
    };
}
