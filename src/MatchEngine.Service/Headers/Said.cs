using MatchEngine.Galleries.Audit;

namespace MatchEngine.Service.Headers;

/// <summary>What a dialect's own form cannot say of a search or a comparison, as headers of the request say it.</summary>
internal static class Said
{
    /// <summary>How the names of all that is said so begin.</summary>
    public const string Prefix = "x-matchengine-";

    public const string CaseHeader = "x-matchengine-case";
    public const string BasisHeader = "x-matchengine-basis";
    public const string RequesterHeader = "x-matchengine-requester";
    public const string ApprovalHeader = "x-matchengine-approval";

    /// <summary>The purpose: part by part what the request says, else what holds for whoever sends it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="standing">What holds where the request says nothing; null: nothing.</param>
    public static SearchPurpose Purpose(HttpRequest request, SearchPurpose? standing) => new(
        Of(request, CaseHeader) ?? standing?.CaseNumber, Of(request, BasisHeader) ?? standing?.Basis,
        Of(request, RequesterHeader) ?? standing?.Requester);

    /// <summary>The supervisor's approval that the request uses; null: none.</summary>
    public static string? Approval(HttpRequest request) => Of(request, ApprovalHeader);

    /// <summary>A header's text; null where there is none.</summary>
    public static string? Of(HttpRequest request, string header) =>
        request.Headers[header].ToString() is { Length: > 0 } text ? text : null;
}
