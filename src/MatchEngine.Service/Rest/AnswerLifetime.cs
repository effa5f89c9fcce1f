namespace MatchEngine.Service.Rest;

/// <summary>How long an answer may be kept at most, where that is less than for others: by the galleries that it tells of.</summary>
internal sealed record AnswerLifetime(TimeSpan Within);
