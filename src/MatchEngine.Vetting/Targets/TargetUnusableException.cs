namespace MatchEngine.Vetting.Targets;

/// <summary>A target cannot be examined as it was named: not there, closed to the examiner, or described wrongly.</summary>
/// <param name="message">What is wrong and what to do about it.</param>
/// <param name="innerException">What showed it.</param>
public sealed class TargetUnusableException(string message, Exception? innerException = null) : Exception(message, innerException);
