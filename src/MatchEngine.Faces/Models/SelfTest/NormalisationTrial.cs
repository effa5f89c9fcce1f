namespace MatchEngine.Faces.Models.SelfTest;

/// <summary>
/// Feeds a network as the card says and as other cards would, and tells when another way clearly suits it better. A network answers to a
/// wrong normalisation too, only worse, and nothing but a comparison shows it.
/// </summary>
internal static class NormalisationTrial
{
    // What a card's way must reach of the best. Measured with the right cards: 1 for UltraFace, YuNet and SCRFD, 0.97 and 1 for two
    // embedders; with wrong ones models/README.md has a table. Red and blue exchanged give 0.94 to 1, which only YuNet's lies outside of.
    private const double MinDetection = 0.975;
    private const double MinEmbedding = 0.95;

    /// <summary>
    /// The ways in use: values as they are, 0 … 1, −1 … 1, and ImageNet's statistics, in the order of the channels red, green, blue.
    /// </summary>
    private static readonly (string Name, float[] Mean, float[] Deviation)[] Ways =
    [
        ("0 … 255", [0, 0, 0], [1, 1, 1]),
        ("0 … 1", [0, 0, 0], [255, 255, 255]),
        ("−1 … 1", [127.5f, 127.5f, 127.5f], [128, 128, 128]),
        ("ImageNet", [123.675f, 116.28f, 103.53f], [58.395f, 57.12f, 57.375f]),
    ];

    public static (bool Passed, string Detail) Run(ModelCard card, ReferencePhoto[] samples, CancellationToken cancellationToken)
    {
        if (card.Input.Channels == ChannelOrder.Grey)
            return (true, "grey input");
        double Worth(ModelCard other)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                if (card.Task == ModelTask.Detection)
                {
                    using var detector = new DetectorTrial(other);
                    return detector.Certainty(samples);
                }
                using var embedder = new EmbedderTrial(other);
                return embedder.Separation(samples);
            }
            catch (ModelException)
            {
                // Far from what it was trained on, a network may give numbers that are none.
                return 0;
            }
        }
        var own = Worth(card);
        var (best, name, layout) = (own, "", card.Input);
        foreach (var (way, mean, deviation) in Ways)
        {
            foreach (var channels in (ReadOnlySpan<ChannelOrder>)[ChannelOrder.Rgb, ChannelOrder.Bgr])
            {
                var other = card.Input with
                {
                    Channels = channels,
                    Mean = channels == ChannelOrder.Rgb ? mean : [.. mean.Reverse()],
                    Deviation = channels == ChannelOrder.Rgb ? deviation : [.. deviation.Reverse()],
                };
                if (Worth(card with { Input = other }) is var worth && worth > best)
                    (best, name, layout) = (worth, way, other);
            }
        }
        var share = own / best;
        return share >= (card.Task == ModelTask.Detection ? MinDetection : MinEmbedding)
            ? (true, $"no other common normalisation suits it clearly better ({share:0.00} of the best)")
            : (false,
                $"{name} with channels {layout.Channels.ToString().ToLowerInvariant()} suits the "
                    + $"network better ({own:0.00} against {best:0.00}): "
                    + $"try mean {string.Join(',', layout.Mean)} and deviation {string.Join(',', layout.Deviation)}");
    }
}
