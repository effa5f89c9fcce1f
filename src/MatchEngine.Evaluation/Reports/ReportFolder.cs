using System.Text;
using MatchEngine.Evaluation.Inputs;

namespace MatchEngine.Evaluation.Reports;

/// <summary>Writes what an evaluation gives into a folder.</summary>
internal static class ReportFolder
{
    /// <summary>Writes files, each as a whole: a reader finds the one before or the new one.</summary>
    /// <param name="folder">The folder; made when it is missing. Files of the same name are replaced.</param>
    /// <param name="what">What it is, for the message of an error: <c>report</c>.</param>
    /// <param name="files">The names and contents.</param>
    /// <returns>The files that were written.</returns>
    /// <exception cref="EvaluationException">The folder cannot be written to.</exception>
    public static IReadOnlyList<string> Write(string folder, string what, IReadOnlyList<(string Name, string Content)> files)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        try
        {
            Directory.CreateDirectory(folder);
            foreach (var (name, content) in files)
            {
                var file = Path.Combine(folder, name);
                File.WriteAllText(file + ".tmp", content, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
                File.Move(file + ".tmp", file, overwrite: true);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EvaluationException($"{folder}: the {what} cannot be written ({error.Message})", error);
        }
        return [.. files.Select(f => Path.Combine(folder, f.Name))];
    }
}
