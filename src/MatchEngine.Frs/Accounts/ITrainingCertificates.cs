using MatchEngine.Frs.Auditing;

namespace MatchEngine.Frs.Accounts;

/// <summary>The store of who completed which course: of each account and course the latest.</summary>
public interface ITrainingCertificates
{
    /// <summary>Those of an account, or all of them, by account and course.</summary>
    IReadOnlyList<TrainingCertificate> List(string? account);

    /// <summary>The one of an account and a course; null when there is none.</summary>
    TrainingCertificate? Find(string account, string course);

    /// <summary>Records one in the place of an earlier one.</summary>
    /// <param name="change">The change with its author and event.</param>
    /// <param name="account">Who completed the course.</param>
    /// <param name="course">The course.</param>
    /// <param name="completed">On which day.</param>
    /// <param name="by">The account that records it.</param>
    TrainingCertificate Record(BookChange change, string account, string course, DateOnly completed, string by);

    /// <summary>Takes one back; false when there is none.</summary>
    bool Withdraw(BookChange change, string account, string course);
}
