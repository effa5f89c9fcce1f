namespace MatchEngine.Frs.Accounts;

/// <summary>That somebody has completed a course. For how long that is good is for the profile to say that demands it.</summary>
/// <param name="Account">Who.</param>
/// <param name="Course">The course.</param>
/// <param name="Completed">On which day it was completed.</param>
/// <param name="By">The account that recorded it.</param>
/// <param name="Recorded">When it was recorded (UTC).</param>
public sealed record TrainingCertificate(string Account, string Course, DateOnly Completed, string By, DateTimeOffset Recorded)
{
    /// <summary>The first day on which it is good no longer.</summary>
    /// <param name="months">For how many months it is good.</param>
    public DateOnly Until(int months) => Completed.AddMonths(months);

    /// <summary>Whether it is good at a time, for a course that is good for so many months.</summary>
    public bool IsGood(int months, DateTimeOffset now) => Until(months) > DateOnly.FromDateTime(now.UtcDateTime);
}
