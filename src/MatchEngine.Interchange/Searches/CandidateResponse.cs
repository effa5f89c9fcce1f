using System.Globalization;
using MatchEngine.Interchange.Fields;
using MatchEngine.Interchange.Records;

namespace MatchEngine.Interchange.Searches;

/// <summary>
/// A candidate list as a transaction: leads, never an identification. The list stands in user-defined fields of a Type-2 record, because
/// the standard leaves Type-2 to each domain: the layout is this product's own (README.md, "Response") and 2.900 names it with its version.
/// Face crops of candidates follow as Type-10 records.
/// </summary>
public sealed record CandidateResponse
{
    /// <summary>The usual type of transaction of an answer: search results.</summary>
    public const string SearchResults = "SRE";

    /// <summary>The name in 2.900 that tells our layout from any other domain's.</summary>
    public const string LayoutName = "MATCHENGINE-CANDIDATE-LIST";

    /// <summary>The version of the layout that is written, and the only one that is read.</summary>
    public const string LayoutVersion = "2";

    private const int LayoutField = 900, SearchField = 901, ListField = 902, DisclaimerField = 903, CandidatesField = 904;
    private const int StrangersField = 905, CandidateStrangersField = 906, RatesField = 907, PopulationsField = 908;
    private const int BiographicsField = 909, NoticesField = 910;

    // A subfield has at most 1,000 items, the rank among them.
    private const int MaxBiographics = 499;

    private static readonly IReadOnlyDictionary<string, string> Nothing = new Dictionary<string, string>();

    /// <summary>2.901, item 1: the search's id.</summary>
    public required string SearchId { get; init; }

    /// <summary>2.901, item 2: the gallery that was searched, or several with commas.</summary>
    public required string Gallery { get; init; }

    /// <summary>2.901, item 3: the model whose scores these are.</summary>
    public required string Model { get; init; }

    /// <summary>2.902, item 1: templates in the gallery.</summary>
    public required long GallerySize { get; init; }

    /// <summary>2.902, item 2: the longest list that was asked for.</summary>
    public required int ListLength { get; init; }

    /// <summary>2.902, item 3: the score floor, or null.</summary>
    public double? Floor { get; init; }

    /// <summary>2.903, item 1: the version of the disclaimer.</summary>
    public required string DisclaimerVersion { get; init; }

    /// <summary>2.903, item 2: what every reader must be told.</summary>
    public required string Disclaimer { get; init; }

    /// <summary>2.905: how many people who are not the probe's person are expected to reach the floor; null in files of others.</summary>
    public ResponseStrangers? StrangersExpected { get; init; }

    /// <summary>2.904: the candidates in rank order, perhaps none.</summary>
    public required IReadOnlyList<ResponseCandidate> Candidates { get; init; }

    /// <summary>2.908: whom the rates of 2.907 were measured on.</summary>
    public IReadOnlyList<RatePopulation> Populations { get; init; } = [];

    /// <summary>2.910: what a reader has to know of the list: what a rule changed of the request, faces that were left out.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>Writes the response.</summary>
    /// <param name="header">The Type-1 record, its TCR the TCN of the submission;
    /// a <see cref="TransactionBuilder"/> without records.</param>
    /// <exception cref="ArgumentException">A value cannot be written (a control character, for example), there are more than 99 crops, or
    /// the header has records.</exception>
    public byte[] Write(TransactionBuilder header)
    {
        ArgumentNullException.ThrowIfNull(header);
        if (header.Records.Count > 0)
            throw new ArgumentException("the header has records of its own", nameof(header));
        if (Candidates.Count(candidate => candidate.Crop is not null) > 99)
            throw new ArgumentException("at most 99 crops fit into a transaction: an IDC has two digits (clause 7.3.1)");
        var crops = new List<RecordBuilder>();
        var rows = new List<string[]>();
        var rates = new List<string[]>();
        foreach (var candidate in Candidates)
        {
            var idc = "";
            if (candidate.Crop is not null)
            {
                crops.Add(candidate.Crop.ToRecord(crops.Count + 1));
                idc = Number(crops.Count);
            }
            rows.Add([
                Number(candidate.Rank), candidate.SubjectId, Score(candidate.Score), candidate.EncounterId ?? "",
                idc]);
            rates.AddRange(candidate.Rates.Select(rate => (string[])[
                Number(candidate.Rank), rate.Population, Rate(rate.Fmr), Rate(rate.Low), Rate(rate.High), Rate(rate.Below)]));
        }
        var text = new RecordBuilder(2, idc: 0)
            .Add(LayoutField, [[LayoutName, LayoutVersion]])
            .Add(SearchField, [[SearchId, Gallery, Model]])
            .Add(ListField, [[
                GallerySize.ToString(CultureInfo.InvariantCulture), Number(ListLength),
                Floor is { } floor ? Score(floor) : "", Number(Candidates.Count)]])
            .Add(DisclaimerField, [[DisclaimerVersion, Disclaimer]]);
        if (rows.Count > 0)
            text.Add(CandidatesField, rows);
        if (StrangersExpected is { } strangers)
            text.Add(StrangersField, [strangers.ToItems()]);
        if (rows.Count > 0 && Candidates.All(candidate => candidate.StrangersExpected is not null))
            text.Add(CandidateStrangersField, [.. Candidates.Select(candidate => candidate.StrangersExpected!.ToItems())]);
        if (rates.Count > 0)
            text.Add(RatesField, rates);
        if (Populations.Count > 0)
            text.Add(PopulationsField, [.. Populations.Select(population => (string[])[population.Id, population.Description])]);
        var told = Candidates.Where(candidate => candidate.Biographics.Count > 0).ToList();
        if (told.Count > 0)
            text.Add(BiographicsField, told.Select(candidate => (string[])[
                Number(candidate.Rank), .. candidate.Biographics.Take(MaxBiographics).SelectMany(
                    pair => (string[])[pair.Key, pair.Value])]));
        if (Notices.Count > 0)
            text.Add(NoticesField, Notices.Select(notice => new[] { notice }));
        header.Add(text);
        foreach (var crop in crops)
            header.Add(crop);
        return header.ToBytes();
    }

    /// <summary>
    /// Reads a response that <see cref="Write"/> gave.
    /// Crops are found by <see cref="ResponseCandidate.CropIdc"/> among the transaction's images.
    /// </summary>
    /// <exception cref="InterchangeException">No Type-2 record has our layout, or it is damaged
    /// (<see cref="InterchangeFault.NoCandidateList"/>).</exception>
    public static CandidateResponse Read(Transaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        foreach (var record in transaction.DescriptiveText)
        {
            if (record.Subfields(LayoutField) is not [var layout, ..] || layout.Items[0] != LayoutName)
                continue;
            if (layout.Items is not [_, LayoutVersion, ..])
                throw new InterchangeException(
                    InterchangeFault.NoCandidateList,
                    $"2.900 names a version of the candidate list's layout that is not read here; {LayoutVersion} is");
            return Read(record);
        }
        throw new InterchangeException(
            InterchangeFault.NoCandidateList, $"no Type-2 record holds a candidate list: 2.900 is not {LayoutName}");
    }

    private static CandidateResponse Read(Type2Record record)
    {
        if (record.Subfields(SearchField) is not [{ Items: [var search, var gallery, var model] }]
            || record.Subfields(ListField) is not [{ Items: [var size, var length, var floor, var count] }]
            || record.Subfields(DisclaimerField) is not [{ Items: [var version, var disclaimer] }])
            throw Damaged("fields 2.901, 2.902 and 2.903 with three, four and two items");
        var populations = record.Subfields(PopulationsField).Select(ReadPopulation).ToList();
        var rates = record.Subfields(RatesField).Select(ReadRate).ToLookup(rate => rate.Rank, rate => rate.Rate);
        var biographics = ReadBiographics(record);
        var candidates = record.Subfields(CandidatesField).Select(row => ReadCandidate(row, rates, biographics)).ToList();
        if (rates.SelectMany(own => own).Any(rate => populations.TrueForAll(population => population.Id != rate.Population)))
            throw Damaged("each population of 2.907 in 2.908");
        if (rates.Any(own => candidates.TrueForAll(candidate => candidate.Rank != own.Key)))
            throw Damaged("each rank of 2.907 in 2.904");
        if (biographics.Keys.Any(rank => candidates.TrueForAll(candidate => candidate.Rank != rank)))
            throw Damaged("each rank of 2.909 in 2.904");
        if (Numbers.Integer(count) != candidates.Count)
            throw Damaged("as many candidates in 2.904 as 2.902 announces");
        var strangers = record.Subfields(CandidateStrangersField);
        if (strangers.Count != 0 && strangers.Count != candidates.Count)
            throw Damaged("a row in 2.906 for each candidate, or none");
        return new CandidateResponse
        {
            SearchId = search,
            Gallery = gallery,
            Model = model,
            GallerySize = long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var templates)
                ? templates
                : throw Damaged("a number of templates in 2.902"),
            ListLength = Numbers.Integer(length) ?? throw Damaged("a list length in 2.902"),
            Floor = Real(floor),
            DisclaimerVersion = version,
            Disclaimer = disclaimer,
            StrangersExpected = record.Subfields(StrangersField) is [var expected, ..] ? ReadStrangers(expected) : null,
            Candidates = strangers.Count == 0
                ? candidates
                : [.. candidates.Zip(strangers, (candidate, row) => candidate with { StrangersExpected = ReadStrangers(row) })],
            Populations = populations,
            Notices = [.. record.Subfields(NoticesField).Select(notice => notice.Items[0])],
        };
    }

    private static Dictionary<int, IReadOnlyDictionary<string, string>> ReadBiographics(Type2Record record)
    {
        var found = new Dictionary<int, IReadOnlyDictionary<string, string>>();
        foreach (var row in record.Subfields(BiographicsField))
        {
            var pairs = new SortedDictionary<string, string>(StringComparer.Ordinal);
            if (row.Items.Count % 2 == 0 || Numbers.Integer(row.Items[0]) is not { } rank || !found.TryAdd(rank, pairs))
                throw Damaged("a rank, once, and pairs of key and value in 2.909");
            for (var at = 1; at < row.Items.Count; at += 2)
                if (!pairs.TryAdd(row.Items[at], row.Items[at + 1]))
                    throw Damaged("each key of a candidate once in 2.909");
        }
        return found;
    }

    private static ResponseCandidate ReadCandidate(
        Subfield row, ILookup<int, CandidateRate> rates, Dictionary<int, IReadOnlyDictionary<string, string>> biographics)
    {
        if (row.Items is not [var rank, var subject, var score, var encounter, var crop])
            throw Damaged("five items for each candidate in 2.904");
        var place = Numbers.Integer(rank) ?? throw Damaged("a rank for each candidate");
        return new ResponseCandidate
        {
            Rank = place,
            SubjectId = subject,
            Score = Real(score) ?? throw Damaged("a score for each candidate"),
            EncounterId = encounter.Length > 0 ? encounter : null,
            Rates = [.. rates[place]],
            Biographics = biographics.GetValueOrDefault(place, Nothing),
            CropIdc = Numbers.Integer(crop),
        };
    }

    private static (int Rank, CandidateRate Rate) ReadRate(Subfield row) =>
        row.Items is [var rank, { Length: > 0 } population, var fmr, var low, var high, var below] && Numbers.Integer(rank) is { } place
            ? (place, new CandidateRate(population, Real(fmr), Real(low), Real(high), Real(below)))
            : throw Damaged("a rank, a population and four numbers for each rate in 2.907");

    private static RatePopulation ReadPopulation(Subfield row) => row.Items is [{ Length: > 0 } id, var description]
        ? new RatePopulation(id, description)
        : throw Damaged("a name and a description for each population in 2.908");

    private static ResponseStrangers ReadStrangers(Subfield row)
    {
        if (row.Items is not [var value, var low, var high, var comparisons, var population, var reason])
            throw Damaged("six items for expected strangers in 2.905 and 2.906");
        return new ResponseStrangers
        {
            Value = Real(value),
            Low = Real(low),
            High = Real(high),
            Comparisons = long.TryParse(comparisons, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw Damaged("a number of comparisons in 2.905 and 2.906"),
            Population = population,
            Reason = reason.Length > 0 ? reason : null,
        };
    }

    private static InterchangeException Damaged(string expected) =>
        new(InterchangeFault.NoCandidateList, $"the candidate list in the Type-2 record is damaged: it needs {expected}");

    private static double? Real(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    // As scores are printed everywhere: raw, four decimals.
    private static string Score(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    private static string Rate(double? value) => value?.ToString("G4", CultureInfo.InvariantCulture) ?? "";
}

/// <summary>How many people who are not the probe's person are expected to reach a score in the search by chance, on average.</summary>
public sealed record ResponseStrangers
{
    /// <summary>Item 1: the number; null where it cannot be said.</summary>
    public double? Value { get; init; }

    /// <summary>Item 2: the lower limit of a 95 % interval of it.</summary>
    public double? Low { get; init; }

    /// <summary>Item 3: the upper limit; without a value fewer than this are expected.</summary>
    public double? High { get; init; }

    /// <summary>Item 4: how many subjects were compared.</summary>
    public required long Comparisons { get; init; }

    /// <summary>Item 5: who they are.</summary>
    public required string Population { get; init; }

    /// <summary>Item 6: the name of the reason why there is no value.</summary>
    public string? Reason { get; init; }

    internal string[] ToItems() =>
    [
        Rate(Value), Rate(Low), Rate(High), Comparisons.ToString(CultureInfo.InvariantCulture), Population, Reason ?? "",
    ];

    private static string Rate(double? value) => value?.ToString("G4", CultureInfo.InvariantCulture) ?? "";
}

/// <summary>A candidate of a response.</summary>
public sealed record ResponseCandidate
{
    /// <summary>Place on the list, from 1.</summary>
    public required int Rank { get; init; }

    /// <summary>The subject.</summary>
    public required string SubjectId { get; init; }

    /// <summary>Cosine similarity, −1 … 1; written with four decimals.</summary>
    public required double Score { get; init; }

    /// <summary>The encounter whose template scored.</summary>
    public string? EncounterId { get; init; }

    /// <summary>2.907: the 1:1 false match rates at the score, one for each population; perhaps none.</summary>
    public IReadOnlyList<CandidateRate> Rates { get; init; } = [];

    /// <summary>2.909: the subject's biographics, as far as the receiver may see them; written up to 499 of them.</summary>
    public IReadOnlyDictionary<string, string> Biographics { get; init; } = new Dictionary<string, string>();

    /// <summary>2.906: how many people who are not the probe's person are expected to score as high; null in files of others.</summary>
    public ResponseStrangers? StrangersExpected { get; init; }

    /// <summary>To be written: the candidate's face, when the receiver may see it.</summary>
    public FaceRecordContent? Crop { get; init; }

    /// <summary>As read: the IDC of the Type-10 record with the candidate's face; null without one.</summary>
    public int? CropIdc { get; init; }
}

/// <summary>A false match rate at a candidate's score.</summary>
/// <param name="Population">Whom it was measured on: the name of one of <see cref="CandidateResponse.Populations"/>.</param>
/// <param name="Fmr">The rate, where the data support one.</param>
/// <param name="Low">The lower limit of its 95 % interval; null where there is none.</param>
/// <param name="High">The upper limit.</param>
/// <param name="Below">A bound on the rate, where the data do not support one.</param>
public sealed record CandidateRate(string Population, double? Fmr, double? Low = null, double? High = null, double? Below = null);

/// <summary>The people on whom a rate was measured.</summary>
/// <param name="Id">The name that rates refer to it by.</param>
/// <param name="Description">Who they are, and whom they do not stand for.</param>
public sealed record RatePopulation(string Id, string Description);
