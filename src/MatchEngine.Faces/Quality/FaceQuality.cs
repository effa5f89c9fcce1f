using System.Globalization;

namespace MatchEngine.Faces.Quality;

/// <summary>
/// How well one face of an image serves recognition. <see cref="Overall"/> predicts false non-matches: the mean of the scores of those
/// measures that were seen to predict them, each with its weight. The components tell an operator what to change.
/// </summary>
public sealed class FaceQuality
{
    /// <summary>
    /// The least overall score that enrolment and search accept unless told otherwise; it refuses fewer than one in 200 photos of LFW.
    /// </summary>
    public const double DefaultMinimum = 35;

    /// <summary>Rises whenever the same face gives another value or score.</summary>
    public const int Version = 1;

    private FaceQuality(IReadOnlyList<QualityComponent> components)
    {
        Components = components;
        var (sum, weights) = (0.0, 0);
        foreach (var component in components)
        {
            if (component.Score is not { } score)
                continue;
            sum += component.Measure.Weight * score;
            weights += component.Measure.Weight;
        }
        Overall = weights == 0 ? 0 : sum / weights;
    }

    /// <summary>0 … 100; higher is better.</summary>
    public double Overall { get; }

    /// <summary>
    /// One component a measure, in the order of <see cref="QualityMeasure.All"/>; one that could not be measured has no value.
    /// </summary>
    public IReadOnlyList<QualityComponent> Components { get; }

    /// <summary>What operators are told: one sentence for each component beyond its limit.</summary>
    public IEnumerable<string> Advice => Components.Where(component => component.Advice is not null).Select(component => component.Advice!);

    /// <summary>What a measure says.</summary>
    public QualityComponent this[QualityMeasure measure]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(measure);
            return Components[measure.Index];
        }
    }

    /// <summary>
    /// The quality that native values make: one a measure, in the order of <see cref="QualityMeasure.All"/>; NaN where there is none.
    /// </summary>
    /// <param name="values">The native values.</param>
    /// <param name="length">What the embedder's card says of lengths; null when it says nothing.</param>
    /// <exception cref="ArgumentException">There are more or fewer values than measures.</exception>
    public static FaceQuality Of(ReadOnlySpan<float> values, EmbeddingLength? length)
    {
        if (values.Length != QualityMeasure.All.Count)
            throw new ArgumentException($"{values.Length} values for {QualityMeasure.All.Count} measures", nameof(values));
        var components = new QualityComponent[values.Length];
        for (var i = 0; i < components.Length; i++)
            components[i] = QualityMeasure.All[i].Of(values[i], length);
        return new FaceQuality(components);
    }

    /// <summary>The quality that was measured before, from its components.</summary>
    /// <param name="components">One a measure, in the order of <see cref="QualityMeasure.All"/>.</param>
    /// <exception cref="ArgumentException">There are more, fewer or others.</exception>
    public static FaceQuality Of(IReadOnlyList<QualityComponent> components)
    {
        ArgumentNullException.ThrowIfNull(components);
        return components.Select(component => component.Measure).SequenceEqual(QualityMeasure.All)
            ? new FaceQuality(components)
            : throw new ArgumentException("the components are not one for each measure", nameof(components));
    }

    /// <summary>What is wanting to a face that has to be of some quality, in a sentence with the remedy; null when nothing is.</summary>
    /// <param name="minimum">The least overall score that is accepted; null accepts all.</param>
    public string? Shortfall(double? minimum)
    {
        if (minimum is not { } least || Overall >= least)
            return null;
        var advice = string.Join("; ", Advice);
        if (advice.Length == 0 && Components.Where(component => component.Measure.Weight > 0 && component.Score is not null)
            .MinBy(component => component.Score) is { } worst)
            advice = $"{worst.Name} is the weakest component with {worst.Score:0} of 100: take another photo";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"the face's quality is {Math.Floor(Overall * 10) / 10:0.#} of 100; at least {least:0.#} is wanted: {advice}");
    }
}
