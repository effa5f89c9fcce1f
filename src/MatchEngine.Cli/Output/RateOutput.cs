using System.Globalization;
using MatchEngine.Rates.Calibrations;

namespace MatchEngine.Cli.Output;

/// <summary>Shows false match rates: never without whom they were measured on.</summary>
internal static class RateOutput
{
    /// <summary><c>{"randomPairs", "worstGroup", "group"}</c>, each <c>{"value", "low", "high", "below", "population"}</c> or null; null
    /// where nobody has measured the model.</summary>
    public static object? ToJson(FalseMatchRange? range) => range is null ? null : new
    {
        RandomPairs = ToJson(range.RandomPairs),
        WorstGroup = ToJson(range.WorstGroup),
        Group = ToJson(range.Group),
    };

    /// <summary>One rate; null where there is none.</summary>
    public static object? ToJson(FalseMatchRate? rate) => rate is null ? null : new
    {
        Value = JsonOutput.Rate(rate.Value),
        Low = JsonOutput.Rate(rate.Low),
        High = JsonOutput.Rate(rate.High),
        Below = JsonOutput.Rate(rate.Below),
        Population = rate.Population.Id,
    };

    /// <summary>Populations, that rates refer to by their id.</summary>
    public static IEnumerable<object> ToJson(IEnumerable<Population> populations) => populations.Select(population => new
    {
        population.Id,
        population.Description,
        population.DataSet,
        Restriction = population.Restriction.ToCode(),
        population.Group,
        population.People,
        population.Comparisons,
        population.Labels,
        population.NotSupported,
    });

    /// <summary>From people at random to the worst group: <c>1.4E-4 … 1.4E-3</c>; or the recorded group's rate with its name.</summary>
    public static string Text(FalseMatchRange? range) => range switch
    {
        null => "-",
        { Group: { } own } => $"{Text(own)} ({own.Population.Group})",
        // Below the tables nothing is said of anybody.
        _ when range.Shown.All(rate => rate is { Value: null, Below: null }) => "-",
        _ => string.Join(" … ", range.Shown.Select(Text)),
    };

    /// <summary>A rate, or the bound where there is no rate.</summary>
    public static string Text(FalseMatchRate rate) =>
        rate.Value is { } value ? Digits(value)
        : rate.Below is { } bound ? "< " + Digits(bound)
        : "-";

    /// <summary>Writes what the rates of an answer are, and whom they were measured on.</summary>
    public static void WritePopulations(TextWriter writer, IReadOnlyList<Population> populations)
    {
        if (populations.Count == 0)
            return;
        writer.WriteLine(
            "FMR: the share of pairs of different people that score this or more, from people at random to the worst group with enough");
        writer.WriteLine(
            "data, or of the group that the gallery's owner recorded. It may be higher for people whom the data do not stand for:");
        foreach (var population in populations)
            writer.WriteLine("  " + population.Description);
    }

    private static string Digits(double rate) => rate.ToString("0.0E-0", CultureInfo.InvariantCulture);
}
