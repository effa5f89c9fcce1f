using System.Globalization;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Protocols;

namespace MatchEngine.Evaluation.Demographics;

/// <summary>
/// Photos sorted by the values of one or several label columns. A comparison belongs to a slice when both of its photos do.
/// </summary>
public sealed class Slicing
{
    /// <summary>What stands between the values of a combination.</summary>
    public const string Joint = " × ";

    private Slicing(string by, string[] values, int[] valueOf)
    {
        (By, Values, ValueOf) = (by, values, valueOf);
    }

    /// <summary>The columns, joined by <see cref="Joint"/>.</summary>
    public string By { get; }

    /// <summary>The values that occur, in order of name; bands in order of age.</summary>
    public IReadOnlyList<string> Values { get; }

    /// <summary>For each photo the index of its value, or −1 where a label is not known.</summary>
    public IReadOnlyList<int> ValueOf { get; }

    /// <summary>The index of the reference group of <paramref name="protocol"/>, or −1 when it names none for these columns.</summary>
    public int ReferenceIn(Protocol protocol)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        var parts = By.Split(Joint).Select(column => protocol.Reference.GetValueOrDefault(column)).ToArray();
        return parts.Any(part => part is null) ? -1 : Values.ToList().IndexOf(string.Join(Joint, parts!));
    }

    /// <summary>
    /// The slicings that a protocol wants. One whose column the data set does not have is left out, and the notes say so; they also say
    /// which subjects stand under more than one value of a column.
    /// </summary>
    public static IEnumerable<Slicing> All(DataSet images, Protocol protocol, ICollection<string> notes, InputFaults? faults = null)
    {
        var judged = new HashSet<string>(StringComparer.Ordinal);
        foreach (var columns in protocol.Slices)
        {
            if (columns.FirstOrDefault(column => !images.HasColumn(column)) is { } missing)
            {
                if (protocol.SlicesWhereLabelled)
                    continue;
                notes.Add($"Rates by {string.Join(Joint, columns)} are not given: data set '{images.Name}' has no column '{missing}'.");
            }
            else
            {
                // A bad value is a fault of its column once, in however many combinations the column stands.
                var slicing = Of(images, columns, protocol, columns.All(judged.Contains) ? null : faults);
                judged.UnionWith(columns);
                // Bands change with a person's age; anything else that describes a person does not.
                if (columns.Count == 1 && !protocol.Bands.ContainsKey(columns[0]) && slicing.Mixed(images) is { Count: > 0 } mixed)
                    notes.Add(
                        $"By {slicing.By}: {mixed.Count} {(mixed.Count == 1 ? "subject stands" : "subjects stand")} under more than one "
                            + "value "
                            + $"({string.Join("; ", mixed.Take(5).Select(m => $"'{m.Subject}': {string.Join(", ", m.Values)}"))}"
                            + $"{(mixed.Count > 5 ? "; …" : "")}): where the column describes a person, that is a mistake of the labels.");
                yield return slicing;
            }
        }
    }

    /// <summary>The subjects whose photos stand under more than one value, by name, each with the values.</summary>
    internal IReadOnlyList<(string Subject, IReadOnlyList<string> Values)> Mixed(DataSet images) =>
        [.. Enumerable.Range(0, images.Images.Count).Where(photo => ValueOf[photo] >= 0).GroupBy(photo => images.SubjectOf[photo])
            .Select(own => (own.Key, Values: own.Select(photo => ValueOf[photo]).Distinct().Order().ToArray()))
            .Where(own => own.Values.Length > 1).OrderBy(own => own.Key)
            .Select(own => (images.Subjects[own.Key], (IReadOnlyList<string>)[.. own.Values.Select(value => Values[value])]))];

    /// <summary>Sorts the photos of a data set.</summary>
    /// <param name="images">The photos.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="protocol">Names and bands of values.</param>
    /// <param name="faults">Takes values of banded columns that are not numbers; such a label is not known.</param>
    /// <exception cref="EvaluationException">A column is missing or has no stated source,
    /// or a banded column holds something that is not a number and the run is strict.</exception>
    public static Slicing Of(DataSet images, IReadOnlyList<string> columns, Protocol protocol, InputFaults? faults = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(protocol);
        var labels = columns.Select(column => Labels(images, column, protocol, faults)).ToArray();
        // A key per photo; the order of bands is that of their lower edge, of other values that of their name.
        var keys = new (double Edge, string Text)[]?[images.Images.Count];
        for (var photo = 0; photo < keys.Length; photo++)
        {
            var parts = labels.Select(l => l[photo]).ToArray();
            if (parts.All(part => part.Text.Length > 0))
                keys[photo] = parts;
        }
        var distinct = keys.Where(k => k is not null).Select(k => k!).DistinctBy(Name).ToList();
        distinct.Sort((x, y) =>
        {
            for (var c = 0; c < x.Length; c++)
            {
                var order = x[c].Edge.CompareTo(y[c].Edge) is var byEdge && byEdge != 0
                    ? byEdge
                    : string.CompareOrdinal(x[c].Text, y[c].Text);
                if (order != 0)
                    return order;
            }
            return 0;
        });
        var values = distinct.Select(Name).ToArray();
        var index = values.Select((value, i) => (value, i)).ToDictionary(v => v.value, v => v.i, StringComparer.Ordinal);
        return new Slicing(string.Join(Joint, columns), values, [.. keys.Select(k => k is null ? -1 : index[Name(k)])]);

        static string Name((double Edge, string Text)[] key) => string.Join(Joint, key.Select(part => part.Text));
    }

    private static (double Edge, string Text)[] Labels(DataSet images, string column, Protocol protocol, InputFaults? faults)
    {
        var values = images.Column(column);
        images.RequireSource(column);
        var names = protocol.Labels.GetValueOrDefault(column);
        var bands = protocol.Bands.GetValueOrDefault(column);
        return [.. values.Select(Label)];

        (double Edge, string Text) Label(string value, int photo)
        {
            if (names is not null && names.TryGetValue(value, out var renamed))
                value = renamed;
            if (bands is null || value.Length == 0)
                return (0, value);
            if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
            {
                faults?.Add(
                    images.Name, 0, "not a number",
                    $"'{value}' in column '{column}' of image '{images.Images[photo]}' is not a number; the protocol sorts it into bands");
                return (0, "");
            }
            return Bands.Of(number, bands) is { } band ? band : (0, "");
        }
    }
}
