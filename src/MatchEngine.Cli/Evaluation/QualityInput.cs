using System.Globalization;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Reports;
using MatchEngine.Evaluation.Verification;
using MatchEngine.Faces.DataSets;
using MatchEngine.Faces.Quality;

namespace MatchEngine.Cli.Evaluation;

/// <summary>The quality measures that an evaluation is asked for: columns of the metadata, or what is measured on the photos.</summary>
internal sealed class QualityInput
{
    /// <summary>Name of the overall quality.</summary>
    public const string Overall = "overall";

    private const string All = "all";

    private readonly string[] _names;
    private readonly string _file;
    private readonly InputFaults _faults;
    private readonly HashSet<string> _columns;
    private List<PhotoQuality> _measures = [];
    private IReadOnlyList<(string Image, FaceQuality Quality)> _photos = [];

    /// <summary>Understands a list of names.</summary>
    /// <exception cref="UsageException">A name is neither a measure nor a column.</exception>
    public QualityInput(string names, DataSet images, string file, InputFaults faults)
    {
        (_file, _faults) = (file, faults);
        _columns = [.. images.ColumnNames];
        _names = [.. names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(name => name == All ? [Overall, .. QualityMeasure.All.Select(measure => measure.Name)] : (string[])[name])
            .Distinct()];
        if (_names.Length == 0)
            throw new UsageException("--quality takes the names of measures or columns");
        foreach (var name in _names.Where(name => !_columns.Contains(name) && name != Overall && QualityMeasure.Find(name) is null))
            throw new UsageException(
                $"--quality: '{name}' is neither a column of the metadata nor one of {All}, {Overall}, "
                    + $"{string.Join(", ", QualityMeasure.All.Select(measure => measure.Name))}");
    }

    /// <summary>Whether something has to be measured on the photos.</summary>
    public bool NeedsPhotos => _names.Any(name => !_columns.Contains(name));

    /// <summary>The measures, once <see cref="Add"/> was called.</summary>
    public IReadOnlyList<PhotoQuality> Measures => _measures;

    /// <summary>Takes what was measured.</summary>
    public void Add(DataSet images, IReadOnlyList<PhotoEmbedding> photos)
    {
        _photos = [.. photos.Where(photo => photo.Quality is not null).Select(photo => (photo.Image, photo.Quality!))];
        _measures = [.. _names.Select(name => new PhotoQuality(name, _columns.Contains(name) ? Column(images, name) : Measured(name)))];
    }

    /// <summary>
    /// Writes the native values of all photos beside the report, so that other tools can look at them; nothing when none were measured.
    /// </summary>
    public void Write(string folder)
    {
        if (_photos.Count == 0)
            return;
        Directory.CreateDirectory(folder);
        static string Quoted(string text) =>
            text.AsSpan().ContainsAny(',', '"', '\n') ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
        static string Number(double? value) => value?.ToString("0.#####", CultureInfo.InvariantCulture) ?? "";
        File.WriteAllLines(
            Path.Combine(folder, "photo-quality.csv"),
            _photos.Select(photo => string.Join(',', [
                Quoted(ReportTable.Harmless(photo.Image)), Number(photo.Quality.Overall),
                .. photo.Quality.Components.Select(component => Number(component.Value))]))
                .Prepend(string.Join(',', ["image", Overall, .. QualityMeasure.All.Select(measure => measure.Name)])));
    }

    private Dictionary<string, double> Measured(string name)
    {
        var measure = QualityMeasure.Find(name);
        return _photos
            .Select(photo => (photo.Image, Value: measure is null ? photo.Quality.Overall : Goodness(photo.Quality[measure])))
            .Where(photo => photo.Value is not null)
            .ToDictionary(photo => photo.Image, photo => photo.Value!.Value, StringComparer.Ordinal);
    }

    // The native value, turned so that higher is better: scores are clamped, and photos with the same score could not be told apart.
    private static double? Goodness(QualityComponent component) => component.Measure.IsLimitLeast
        ? component.Value
        : -Math.Abs(component.Value ?? double.NaN) is var value && double.IsNaN(value) ? null : value;

    private Dictionary<string, double> Column(DataSet images, string column)
    {
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (image, text) in images.Images.Zip(images.Column(column)))
        {
            if (double.TryParse(text, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value))
                values[image] = value;
            else if (text.Length > 0)
                _faults.Add(_file, 0, "quality is no number", $"the {column} of image '{image}' is '{text}'");
        }
        return values;
    }
}
