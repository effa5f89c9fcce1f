using MatchEngine.Faces.Models;

namespace MatchEngine.Faces.Detection;

/// <summary>What the detectors that look at an image in cells of fixed strides have in common.</summary>
internal static class StridedGrid
{
    /// <summary>The input of a card whose sides every stride divides.</summary>
    /// <exception cref="ModelException">They do not.</exception>
    public static PixelLayout Require(OnnxModel model, ReadOnlySpan<int> strides)
    {
        var (input, largest) = (model.Card.Input, strides[^1]);
        return input.Width % largest == 0 && input.Height % largest == 0
            ? input
            : throw new ModelException(
                $"model card '{model.Card.Id}': the input's sides, {input.Width}×{input.Height}, must be multiples of {largest}");
    }
}
