namespace MatchEngine.Evaluation.Inputs;

/// <summary>How a score file is laid out.</summary>
public enum ScoreFormat
{
    /// <summary>
    /// By the first line: <see cref="FrteMatch"/> when it is that log's header, else by whether it holds commas (or semicolons), tabs or
    /// spaces.
    /// </summary>
    Detect,

    /// <summary>
    /// Comma separated with a header: <c>probe,reference,score</c> and optionally <c>mated</c>, or <c>score,mated</c>. Semicolons, as
    /// spreadsheets write them where the comma is the decimal sign, are taken as well.
    /// </summary>
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

    /// <summary>
    /// The files of four or five columns of Idiap's bob: single spaces, no header, <c>claimed-id real-id probe score</c> or
    /// <c>claimed-id model real-id probe score</c>. A comparison is mated when the two ids are one; a score that is not a number is a
    /// failed comparison.
    /// </summary>
    Bob,
}
