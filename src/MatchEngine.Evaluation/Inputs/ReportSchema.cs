namespace MatchEngine.Evaluation.Inputs;

/// <summary>Name and version of the layout of <c>report.json</c>, which one evaluation writes and others read.</summary>
internal static class ReportSchema
{
    /// <summary>The name, whatever the version.</summary>
    public const string Name = "matchengine-evaluation";

    /// <summary>Name and version of what is written.</summary>
    public const string Current = Name + "/1";
}
