using System.Globalization;
using MatchEngine.Interchange.Fields;
using MatchEngine.Interchange.Records;

namespace MatchEngine.Interchange.Searches;

/// <summary>
/// What a submission asks for beside its face, in user-defined fields of a Type-2 record: the standard leaves Type-2 to each domain, and
/// 2.900 names this layout (README.md, "Request"). A submission without it asks for a search with nothing said.
/// </summary>
public sealed record SearchTerms
{
    /// <summary>The name in 2.900 that tells our layout from any other domain's.</summary>
    public const string LayoutName = "MATCHENGINE-SEARCH";

    /// <summary>The version of the layout that is written, and the only one that is read.</summary>
    public const string LayoutVersion = "1";

    private const int LayoutField = 900, GalleriesField = 901, PurposeField = 902, ListField = 903, FaceField = 904;

    /// <summary>2.901: the galleries to search; none: all that may be.</summary>
    public IReadOnlyList<string> Galleries { get; init; } = [];

    /// <summary>2.902, item 1: the case.</summary>
    public string? CaseNumber { get; init; }

    /// <summary>2.902, item 2: the legal basis.</summary>
    public string? Basis { get; init; }

    /// <summary>2.902, item 3: who asked for it.</summary>
    public string? Requester { get; init; }

    /// <summary>2.903, item 1: the longest list; null: as the service has it.</summary>
    public int? ListLength { get; init; }

    /// <summary>2.903, item 2: the score floor, −1 … 1; null without one.</summary>
    public double? Floor { get; init; }

    /// <summary>2.904: the IDC of the face record that is meant, where there are several; null for the only one.</summary>
    public int? FaceIdc { get; init; }

    /// <summary>The terms as a Type-2 record, to go before the face.</summary>
    /// <exception cref="ArgumentException">A value cannot be written (a control character, for example).</exception>
    public RecordBuilder ToRecord()
    {
        var record = new RecordBuilder(2, idc: 0).Add(LayoutField, [[LayoutName, LayoutVersion]]);
        if (Galleries.Count > 0)
            record.Add(GalleriesField, Galleries.Select(gallery => new[] { gallery }));
        if (CaseNumber is not null || Basis is not null || Requester is not null)
            record.Add(PurposeField, [[CaseNumber ?? "", Basis ?? "", Requester ?? ""]]);
        if (ListLength is not null || Floor is not null)
            record.Add(ListField, [[
                ListLength?.ToString(CultureInfo.InvariantCulture) ?? "", Floor?.ToString("0.####", CultureInfo.InvariantCulture) ?? ""]]);
        if (FaceIdc is { } idc)
            record.Add(FaceField, idc);
        return record;
    }

    /// <summary>Reads the terms; null when no Type-2 record has our layout.</summary>
    /// <exception cref="InterchangeException">They are of another version or damaged (<see cref="InterchangeFault.BadTerms"/>).</exception>
    public static SearchTerms? Read(Transaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var record = transaction.DescriptiveText.FirstOrDefault(
            text => text.Subfields(LayoutField) is [var layout, ..] && layout.Items[0] == LayoutName);
        if (record is null)
            return null;
        if (record.Subfields(LayoutField)[0].Items is not [_, LayoutVersion, ..])
            throw Bad($"2.900 names a version of the search's layout that is not read here; {LayoutVersion} is");
        var purpose = Items(record, PurposeField, 3, "case, basis and requester");
        var list = Items(record, ListField, 2, "list length and floor");
        return new SearchTerms
        {
            Galleries = [.. record.Subfields(GalleriesField).Select(gallery => gallery.Items[0])],
            CaseNumber = Given(purpose[0]),
            Basis = Given(purpose[1]),
            Requester = Given(purpose[2]),
            ListLength = Given(list[0]) is { } length ? Numbers.Integer(length) ?? throw Bad("2.903 needs a whole number first") : null,
            Floor = Given(list[1]) is { } floor ? Real(floor) : null,
            FaceIdc = record.Text(FaceField) is { } idc ? Numbers.Integer(idc) ?? throw Bad("2.904 is the IDC of a record") : null,
        };
    }

    private static IReadOnlyList<string> Items(Type2Record record, int field, int count, string what) => record.Subfields(field) switch
    {
        [] => [.. Enumerable.Repeat("", count)],
        [{ Items: var items }] when items.Count == count => items,
        _ => throw Bad($"2.{field} has {count} items: {what}"),
    };

    private static double Real(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw Bad("2.903 needs a number second");

    private static string? Given(string text) => text.Length > 0 ? text : null;

    private static InterchangeException Bad(string what) => new(InterchangeFault.BadTerms, $"the search's terms cannot be read: {what}");
}
