using System.ComponentModel;

namespace MatchEngine.Service.Rest;

/// <summary>An error as it is answered (RFC 9457, <c>application/problem+json</c>). Some kinds have further members.</summary>
/// <param name="Type">The kind of the problem: <c>urn:matchengine:problem:</c> and the code.</param>
/// <param name="Title">What the kind is, the same words each time.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What is wrong this time and what to do about it.</param>
/// <param name="Code">The kind's name, for programs.</param>
/// <param name="RequestId">The request's id, as in the header <c>x-request-id</c>; it stands in the log too.</param>
public sealed record ProblemResponse(string Type, string Title, int Status, string Detail, string Code, string RequestId)
{
    /// <summary>Of an image: the faces that were found, largest first.</summary>
    [Description("Of an image: the faces that were found, largest first.")]
    public IReadOnlyList<FaceBox>? Faces { get; init; }

    /// <summary>Of an image that is too poor: its quality, with advice.</summary>
    [Description("Of an image that is too poor: its quality, with advice.")]
    public QualityResponse? Quality { get; init; }

    /// <summary>Of a refused search: the rule of the profile and where it comes from.</summary>
    [Description("Of a refused search: the rule of the profile and where it comes from.")]
    public string? Rule { get; init; }
}
