using MatchEngine.Evaluation.Inputs;

namespace MatchEngine.Evaluation.Cohorts;

/// <summary>At which scores predicted and counted strangers are compared, and who is enrolled.</summary>
public sealed record CohortPlan
{
    /// <summary>The floors, each within −1 … 1.</summary>
    public required IReadOnlyList<double> Floors { get; init; }

    /// <summary>How many photos of a subject are enrolled, the first by name; null for all.</summary>
    public int? EnrolledPerSubject { get; init; } = 1;

    /// <summary>Refuses values that make no sense.</summary>
    /// <exception cref="EvaluationException">A value is out of range; the message names it.</exception>
    public void Validate()
    {
        if (Floors.Count == 0 || Floors.Any(floor => !(floor is >= -1 and <= 1)) || Floors.Distinct().Count() != Floors.Count)
            throw new EvaluationException("floors are scores within −1 … 1, at least one, each once");
        if (EnrolledPerSubject is < 1)
            throw new EvaluationException("at least one photo of a subject is enrolled");
    }
}
