using System.CommandLine;
using System.CommandLine.Parsing;
using MatchEngine.Faces;
using MatchEngine.Faces.Quality;
using MatchEngine.Galleries;

namespace MatchEngine.Cli;

/// <summary>The options that several verbs have, with one meaning.</summary>
internal static class SharedOptions
{
    /// <summary>Where galleries live.</summary>
    public static Option<string> Data { get; } = new("--data")
    {
        Description = "Folder of the galleries and the model cache; MATCHENGINE_DATA_DIR, or a per-user folder, when not given",
        HelpName = "DIR",
        DefaultValueFactory = _ => DataFolder.Default,
    };

    /// <summary>JSON instead of a table.</summary>
    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "JSON alone on standard output; progress and warnings on standard error",
    };

    /// <summary>Whether images are decoded in processes of their own.</summary>
    public static Option<bool> IsolateDecoder { get; } = new("--isolate-decoder")
    {
        Description =
            "Decode images in a process of their own, with few rights and little memory: one built to "
                + "crash a codec is refused, and all else goes on",
    };

    /// <summary>Which gallery.</summary>
    public static Option<string> Gallery { get; } =
        new("--gallery", "-g") { Description = "Name of the gallery", HelpName = "NAME", Required = true };

    /// <summary>Which face of a photo that shows several.</summary>
    public static Option<FaceChoice> Face { get; } = new("--face")
    {
        Description =
            "Which face of a photo with several: its number (1 is the largest), 'largest' or 'central'; without it such a photo is refused",
        HelpName = "N|largest|central",
        CustomParser = ParseFace,
    };

    /// <summary>From which quality on a face is accepted.</summary>
    public static Option<double> MinQuality { get; } = new("--min-quality")
    {
        Description = "Least overall quality of a face, 0 … 100; a poorer one is refused (low_quality) with advice. 'none' takes any",
        HelpName = "N|none",
        CustomParser = ParseMinQuality,
        DefaultValueFactory = _ => FaceQuality.DefaultMinimum,
    };

    private static double ParseMinQuality(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        // No face's quality is below 0.
        if (text == "none")
            return 0;
        if (double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var least) && least is >= 0 and <= 100)
            return least;
        result.AddError($"--min-quality takes a number within 0 … 100, or 'none', not '{text}'");
        return 0;
    }

    private static FaceChoice ParseFace(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (text == "largest")
            return FaceChoice.Largest;
        if (text == "central")
            return FaceChoice.Central;
        if (int.TryParse(text, out var number) && number >= 1)
            return FaceChoice.Nth(number);
        result.AddError($"--face takes a number from 1, 'largest' or 'central', not '{text}'");
        return default;
    }
}
