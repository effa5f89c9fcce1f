using MatchEngine.Client;
using MatchEngine.Rates.Calibrations;
using MatchEngine.Rates.Tails;

namespace MatchEngine.Cli.Remote;

/// <summary>A service's false match rates as those of this machine, so that both are shown by the same words.</summary>
internal static class WireRates
{
    /// <summary>The populations by their ids.</summary>
    /// <exception cref="RefusedByServiceException">One has a restriction that this version does not know.</exception>
    public static Dictionary<string, Population> Populations(IEnumerable<PopulationWire> told) => told.ToDictionary(
        one => one.Id,
        one => new Population(
            one.DataSet,
            Restrictions.TryParse(one.Restriction, out var restriction)
                ? restriction
                : throw Unknown($"a population restricted to '{one.Restriction}'"),
            one.Group, one.People, one.Comparisons, one.Labels, [.. one.NotSupported]));

    /// <summary>The rates of a score; null where there are none.</summary>
    /// <exception cref="RefusedByServiceException">A rate comes without whom it was measured on.</exception>
    public static FalseMatchRange? Range(FmrWire? told, Dictionary<string, Population> populations) => told is null
        ? null
        : new FalseMatchRange(
            Rate(told.RandomPairs, populations)!, Rate(told.WorstGroup, populations), Rate(told.Group, populations));

    /// <summary>Why no number of strangers is told, in words that end a sentence.</summary>
    public static string? Reason(string? code) =>
        Enum.GetValues<UnsaidReason>().Where(reason => reason.ToCode() == code).Select(reason => reason.ToWords()).FirstOrDefault() ?? code;

    private static FalseMatchRate? Rate(RateWire? told, Dictionary<string, Population> populations) => told is null
        ? null
        : new FalseMatchRate(
            told.Value, told.Low, told.High, told.Below,
            populations.GetValueOrDefault(told.Population) ?? throw Unknown("a rate without its population"));

    private static RefusedByServiceException Unknown(string what) =>
        new("service", $"the service's answer cannot be used: it has {what}");
}
