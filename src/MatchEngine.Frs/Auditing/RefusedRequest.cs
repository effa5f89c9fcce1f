using MatchEngine.Galleries.Audit;

namespace MatchEngine.Frs.Auditing;

/// <summary>What the audit says of a request that was refused. It holds no photo.</summary>
/// <param name="Galleries">The galleries that were named.</param>
/// <param name="Subject">The subject that was named.</param>
/// <param name="Purpose">The purpose, where it is one.</param>
/// <param name="Approval">The approval that was named.</param>
public sealed record RefusedRequest(
    IReadOnlyList<string>? Galleries = null, string? Subject = null, SearchPurpose? Purpose = null, string? Approval = null);
