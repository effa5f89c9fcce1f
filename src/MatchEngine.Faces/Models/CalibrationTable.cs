using System.Text.Json.Serialization;
using MatchEngine.Rates.Calibrations;

namespace MatchEngine.Faces.Models;

/// <summary>A calibration as a card holds it; see <see cref="Calibration"/>.</summary>
/// <param name="Population">Whom the scores were measured on.</param>
/// <param name="Points">Scores in ascending order, each with its count and the limits of its interval, to four digits.</param>
/// <param name="Note">What else a reader must know of the data, or null.</param>
public sealed record CalibrationTable(
    CalibratedPopulation Population, [property: JsonPropertyOrder(1)] IReadOnlyList<CalibrationPoint> Points, string? Note = null)
{
    /// <summary>The table of a calibration.</summary>
    public static CalibrationTable Of(Calibration calibration)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        return new CalibrationTable(
            CalibratedPopulation.Of(calibration.Population),
            [.. calibration.Points.Select(point => point with
            {
                Low = point.Low is { } low ? Digits(low, Math.Floor) : null,
                High = point.High is { } high ? Math.Min(1, Digits(high, Math.Ceiling)) : null,
            })],
            calibration.Note);
    }

    // Four significant digits are more than any interval supports; outwards, so that the rate stays within.
    private static double Digits(double limit, Func<double, double> round)
    {
        var scale = Math.Pow(10, 3 - Math.Floor(Math.Log10(limit)));
        return round(limit * scale) / scale;
    }

    /// <summary>The set that a card's tables make.</summary>
    /// <param name="tables">The tables; null or none where nobody has measured.</param>
    /// <param name="field">The card's field, for the message.</param>
    /// <exception cref="ArgumentException">A table is not in order, or they do not go together; the message begins with field and
    /// place.</exception>
    internal static CalibrationSet? ToSet(IReadOnlyList<CalibrationTable>? tables, string field)
    {
        if (tables is null or [])
            return null;
        var calibrations = new Calibration[tables.Count];
        for (var i = 0; i < calibrations.Length; i++)
            calibrations[i] = Named($"{field}[{i}]", () => (tables[i] ?? throw new ArgumentException("there is no table")).ToCalibration());
        return Named(field, () => new CalibrationSet(calibrations));
    }

    private static T Named<T>(string place, Func<T> make)
    {
        try
        {
            return make();
        }
        catch (ArgumentException error)
        {
            throw new ArgumentException($"\"{place}\": {error.Message}", error);
        }
    }

    private Calibration ToCalibration() => new(
        (Population ?? throw new ArgumentException("it names no \"population\"")).ToPopulation(), Points, Note);
}

/// <summary>The population of a calibration as a card holds it; see <see cref="Population"/>.</summary>
/// <param name="DataSet">Name of the data set.</param>
/// <param name="Restriction">Which pairs of its people.</param>
/// <param name="People">How many people are in the pairs, 2 or more.</param>
/// <param name="Comparisons">How many comparisons of different people there are, 1 or more.</param>
/// <param name="Group">The group's name, for a group and the worst group; else null.</param>
/// <param name="Labels">Where the labels come from that pairs were chosen by; null where none was used.</param>
/// <param name="NotSupported">What the data cannot tell, in words.</param>
public sealed record CalibratedPopulation(
    string DataSet, Restriction Restriction, int People, long Comparisons, string? Group = null, string? Labels = null,
    IReadOnlyList<string>? NotSupported = null)
{
    /// <summary>A population as a card holds it.</summary>
    public static CalibratedPopulation Of(Population population)
    {
        ArgumentNullException.ThrowIfNull(population);
        return new CalibratedPopulation(
            population.DataSet, population.Restriction, population.People, population.Comparisons, population.Group, population.Labels,
            population.NotSupported.Count == 0 ? null : population.NotSupported);
    }

    internal Population ToPopulation() => new(DataSet, Restriction, Group, People, Comparisons, Labels, NotSupported ?? []);
}
