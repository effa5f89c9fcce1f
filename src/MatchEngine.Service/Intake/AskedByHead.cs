namespace MatchEngine.Service.Intake;

/// <summary>Says that a request, which is answered as GET, was sent as HEAD: for who does more than to answer.</summary>
internal sealed record AskedByHead;
