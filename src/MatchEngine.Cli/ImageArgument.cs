using MatchEngine.Faces;
using MatchEngine.Faces.Images;
using MatchEngine.Galleries;

namespace MatchEngine.Cli;

/// <summary>An image named on the command line.</summary>
internal static class ImageArgument
{
    /// <summary>Reads a file, or standard input for <c>-</c>, into memory of ours that is cleared when it is disposed of.</summary>
    /// <exception cref="AcquisitionException">It cannot be read or is too large; the message names the file.</exception>
    public static ImageBytes Read(string path)
    {
        try
        {
            if (path != "-")
                return ImageBytes.Read(path);
            using var input = Console.OpenStandardInput();
            return ImageBytes.Read(input);
        }
        catch (AcquisitionException error)
        {
            throw Named(path, error);
        }
    }

    /// <summary>Tells what is to be said of a file that was read all the same.</summary>
    public static void Warn(string path, ImageRemark remark)
    {
        if (remark.ToSentence() is { } sentence)
            Console.Error.WriteLine($"matchengine: {path}: {sentence}");
    }

    /// <summary>The same error with the file's name in front.</summary>
    public static AcquisitionException Named(string path, AcquisitionException error) => error.At(path);
}
