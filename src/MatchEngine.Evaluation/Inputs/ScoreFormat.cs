namespace MatchEngine.Evaluation.Inputs;

/// <summary>How a score file is laid out.</summary>
public enum ScoreFormat
{
    /// <summary>
    /// By the first line: <see cref="FrteMatch"/> when it is that log's header, else by whether it holds commas, tabs or spaces.
    /// </summary>
    Detect,

    /// <summary>Comma separated with a header: <c>probe,reference,score</c> and optionally <c>mated</c>, or <c>score,mated</c>.</summary>
    Csv,

    /// <summary>As <see cref="Csv"/>, tab separated.</summary>
    Tsv,

    /// <summary>As <see cref="Csv"/>, separated by single spaces.</summary>
    Space,

    /// <summary>pyeer's search scores: single spaces, no header, <c>query template score</c>.</summary>
    Pyeer,

    /// <summary>
    /// The FRTE 1:1 driver's log: <c>enrollTempl verifTempl simScore returnCode</c>; a return code other than 0 is a failed comparison.
    /// </summary>
    FrteMatch,
}
