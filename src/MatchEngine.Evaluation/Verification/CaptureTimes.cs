using System.Globalization;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Protocols;

namespace MatchEngine.Evaluation.Verification;

/// <summary>
/// When photos were taken and how old their subjects were. Time between captures comes from dates, and from ages where a date is missing.
/// </summary>
internal sealed class CaptureTimes
{
    private readonly double[]? _dates;
    private readonly double[]? _ages;

    /// <summary>Reads the columns of a plan; a column that the data set does not have is as good as none.</summary>
    /// <exception cref="EvaluationException">A column has no stated source.</exception>
    public CaptureTimes(DataSet images, AgeingPlan plan)
    {
        double[]? Read(string? column, Func<string, double> parse)
        {
            if (column is null || !images.HasColumn(column))
                return null;
            images.RequireSource(column);
            var values = images.Column(column).Select(parse).ToArray();
            return Array.TrueForAll(values, double.IsNaN) ? null : values;
        }
        _dates = Read(plan.DateColumn, YearOf);
        _ages = Read(plan.AgeColumn, AgeOf);
    }

    /// <summary>Whether any photo has a date.</summary>
    public bool HasDates => _dates is not null;

    /// <summary>Whether any photo has an age.</summary>
    public bool HasAges => _ages is not null;

    /// <summary>Whether time between captures is known of any pair.</summary>
    public bool HasYears => HasDates || HasAges;

    /// <summary>Whether anybody is younger than an adult.</summary>
    public bool HasChildren(double adultAge) => _ages is not null && Array.Exists(_ages, age => age < adultAge);

    /// <summary>Years between two captures; whole years of age where a date is missing, NaN where neither is known.</summary>
    public double Years(int a, int b)
    {
        var years = _dates is null ? double.NaN : Math.Abs(_dates[a] - _dates[b]);
        return double.IsNaN(years) && _ages is not null ? Math.Abs(_ages[a] - _ages[b]) : years;
    }

    /// <summary>Age at a capture, NaN where it is not known.</summary>
    public double Age(int photo) => _ages is null ? double.NaN : _ages[photo];

    /// <summary>Age at the earlier of two captures.</summary>
    public double EarlierAge(int a, int b) => IsEarlier(a, b) ? Age(a) : Age(b);

    /// <summary>Age at the later of two captures.</summary>
    public double LaterAge(int a, int b) => IsEarlier(a, b) ? Age(b) : Age(a);

    // Where dates exist they say which photo is the earlier one; otherwise it is the one with the lower age.
    private bool IsEarlier(int a, int b) =>
        _dates is null || double.IsNaN(_dates[a] + _dates[b]) ? Age(a) <= Age(b) : _dates[a] <= _dates[b];

    /// <summary>A date as a year with its part; NaN for what is none.</summary>
    internal static double YearOf(string text)
    {
        if (DateTime.TryParseExact(
            text, ["yyyy-MM-dd", "yyyy-MM", "yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            return date.Year + (date.DayOfYear - 1) / (DateTime.IsLeapYear(date.Year) ? 366.0 : 365.0);
        return double.NaN;
    }

    /// <summary>An age in years; NaN for what is none.</summary>
    internal static double AgeOf(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var age) && double.IsFinite(age) ? age : double.NaN;
}
