using System.Collections.Frozen;
using static MatchEngine.Interchange.Fields.FieldPresence;

namespace MatchEngine.Interchange.Fields;

/// <summary>
/// The layouts of Type-1 (clause 8.1) and Type-10 (clause 8.10), and the two fixed fields of Type-2 (clause 8.2). Clause numbers are those
/// of the Update 2013 text, which Update 2015 continues.
/// </summary>
public static class FieldDefinitions
{
    private static readonly FrozenDictionary<(int, int), FieldDefinition> Table = All().ToFrozenDictionary(
        field => (field.RecordType, field.Number));

    private static readonly FrozenDictionary<int, FieldDefinition[]> ByType =
        Table.Values.GroupBy(field => field.RecordType).ToFrozenDictionary(
            fields => fields.Key, fields => fields.OrderBy(field => field.Number).ToArray());

    /// <summary>The definition of a field; null for user-defined, reserved and unknown fields.</summary>
    public static FieldDefinition? Find(int recordType, int number) => Table.GetValueOrDefault((recordType, number));

    /// <summary>The definitions for a record type in the order of their numbers; none but for types 1, 2 and 10.</summary>
    public static IReadOnlyList<FieldDefinition> Of(int recordType) =>
        ByType.TryGetValue(recordType, out var fields) ? fields : [];

    /// <summary>
    /// Whether a field holds binary data: field 999 of every type from 10 on (clause B.1.5).
    /// The field 999 of a Type-2 or Type-9 record is text.
    /// </summary>
    public static bool HoldsData(int recordType, int number) => number == 999 && recordType >= 10;

    /// <summary>Whether a number of a Type-10 record is kept by the standard for later use.</summary>
    internal static bool IsReservedOfType10(int number) =>
        number is 22 or (>= 35 and <= 37) or (>= 52 and <= 199) or 901 or (>= 905 and <= 991) or < 1 or > 999;

    private static IEnumerable<FieldDefinition> All() => [.. Type1(), .. Type2(), .. Type10()];

    private static FieldDefinition Define(
        int type, int number, string mnemonic, string name, string clause, FieldPresence presence, int? max = null,
        string items = "", int? subfields = 1) =>
        new(type, number, mnemonic, name, clause, presence, max, items.Length > 0 ? items.Split(' ') : [], subfields);

    private static IEnumerable<FieldDefinition> Type1() =>
    [
        Define(1, 1, "LEN", "record header", "B.1.5", Mandatory),
        Define(1, 2, "VER", "version", "8.1.2", Mandatory, 4),
        Define(1, 3, "CNT", "transaction content", "8.1.3", Mandatory, 3, "REC IDC", null),
        Define(1, 4, "TOT", "type of transaction", "8.1.4", Mandatory, 16),
        Define(1, 5, "DAT", "date", "8.1.5", Mandatory, 8),
        Define(1, 6, "PRY", "priority", "8.1.6", Optional, 1),
        Define(1, 7, "DAI", "destination agency identifier", "8.1.7", Mandatory),
        Define(1, 8, "ORI", "originating agency identifier", "8.1.8", Mandatory),
        Define(1, 9, "TCN", "transaction control number", "8.1.9", Mandatory, 48),
        Define(1, 10, "TCR", "transaction control reference", "8.1.10", Optional, 48),
        Define(1, 11, "NSR", "native scanning resolution", "8.1.11", Mandatory, 5),
        Define(1, 12, "NTR", "nominal resolution", "8.1.12", Mandatory, 5),
        Define(1, 13, "DOM", "domain name", "8.1.13", Optional, null, "DNM DVN"),
        Define(1, 14, "GMT", "Greenwich mean time", "8.1.14", Optional, 15),
        Define(1, 15, "DCS", "character encoding", "8.1.15", Optional, null, "CSI CSN CSV"),
        Define(1, 16, "APS", "application profile specifications", "8.1.16", Optional, null, "APO APN APV", 99),
        Define(1, 17, "ANM", "agency names", "8.1.17", Optional, 125, "DAN OAN"),
        Define(1, 18, "GNS", "geographic name set", "8.1.18", Optional, 4),
    ];

    private static IEnumerable<FieldDefinition> Type2() =>
    [
        Define(2, 1, "LEN", "record header", "8.2.1", Mandatory),
        Define(2, 2, "IDC", "information designation character", "8.2.2", Mandatory, 2),
    ];

    private static IEnumerable<FieldDefinition> Type10() =>
    [
        Define(10, 1, "LEN", "record header", "8.10.1", Mandatory),
        Define(10, 2, "IDC", "information designation character", "8.10.2", Mandatory, 2),
        Define(10, 3, "IMT", "image type", "8.10.3", Mandatory, 11),
        Define(10, 4, "SRC", "source agency", "8.10.4", Mandatory),
        Define(10, 5, "PHD", "photo capture date", "8.10.5", Mandatory, 8),
        Define(10, 6, "HLL", "horizontal line length", "8.10.6", Dependent, 5),
        Define(10, 7, "VLL", "vertical line length", "8.10.7", Dependent, 5),
        Define(10, 8, "SLC", "scale units", "8.10.8", Dependent, 1),
        Define(10, 9, "THPS", "transmitted horizontal pixel scale", "8.10.9", Dependent, 5),
        Define(10, 10, "TVPS", "transmitted vertical pixel scale", "8.10.10", Dependent, 5),
        Define(10, 11, "CGA", "compression algorithm", "8.10.11", Dependent, 5),
        Define(10, 12, "CSP", "color space", "8.10.12", Dependent, 4),
        Define(10, 13, "SAP", "subject acquisition profile", "8.10.13", Dependent, 2),
        Define(10, 14, "FIP", "face image bounding box coordinates in full image", "8.10.14", Optional, 5, "LHC RHC TVC BVC BBC"),
        Define(10, 15, "FPFI", "face image path coordinates in full image", "8.10.15", Optional, 5, "BYC NOP"),
        Define(10, 16, "SHPS", "scanned horizontal pixel scale", "8.10.16", Optional, 5),
        Define(10, 17, "SVPS", "scanned vertical pixel scale", "8.10.17", Optional, 5),
        Define(10, 18, "DIST", "distortion", "8.10.18", Optional, 10, "IDK IDM DSC"),
        Define(10, 19, "LAF", "lighting artifacts", "8.10.19", Optional, 1, "", 3),
        Define(10, 20, "POS", "subject pose", "8.10.20", Optional, 1),
        Define(10, 21, "POA", "pose offset angle", "8.10.21", Dependent, 4),
        Define(10, 23, "PAS", "photo acquisition source", "8.10.22", Optional, null, "PAC VSD"),
        Define(10, 24, "SQS", "subject quality score", "8.10.23", Optional, 5, "QVU QAV QAP", 9),
        Define(10, 25, "SPA", "subject pose angles", "8.10.24", Dependent, 4, "YAW PIT ROL YAWU PITU ROLU"),
        Define(10, 26, "SXS", "subject facial description", "8.10.25", Dependent, 20, "", 50),
        Define(10, 27, "SEC", "subject eye color", "8.10.26", Dependent, null, "", 2),
        Define(10, 28, "SHC", "subject hair color", "8.10.27", Dependent, null, "", 2),
        Define(10, 29, "FFP", "2D facial feature points", "8.10.28", Optional, null, "FPT FPC HCX HCY", 88),
        Define(10, 30, "DMM", "device monitoring mode", "8.10.29", Optional, 10),
        Define(10, 31, "TMC", "tiered markup collection", "8.10.30", Optional, 3, "", null),
        Define(10, 32, "3DF", "3D facial feature points", "8.10.31", Optional, null, "FPT FPC HCX HCY HCZ", 88),
        Define(10, 33, "FEC", "feature contours", "8.10.32", Optional, null, "FCC NOP", 12),
        Define(10, 34, "ICDR", "image capture date range estimate", "8.10.33", Optional, 10),
        Define(10, 38, "COM", "comment", "8.10.34", Optional, 126),
        Define(10, 39, "T10", "Type-10 reference number", "8.10.35", Optional),
        Define(10, 40, "SMT", "NCIC SMT code", "8.10.36", Dependent, 10, "", 3),
        Define(10, 41, "SMS", "SMT size or size of injury or identifying characteristic", "8.10.37", Optional, 3, "HGT WID"),
        Define(10, 42, "SMD", "SMT descriptors", "8.10.38", Optional, null, "SMI TAC TSC TDS", 9),
        Define(10, 43, "COL", "tattoo color", "8.10.39", Optional, 7, "TC1 TC2 TC3 TC4 TC5 TC6", 9),
        Define(10, 44, "ITX", "image transform", "8.10.40", Optional, 11, "", 18),
        Define(10, 45, "OCC", "occlusions", "8.10.41", Optional, null, "OCY OCT NOP", 16),
        Define(10, 46, "SUB", "image subject condition", "8.10.42", Optional, 8, "SSC SBSC SBCC"),
        Define(10, 47, "CON", "capture organization name", "8.10.43", Optional, 1000),
        Define(10, 48, "PID", "suspected patterned injury detail", "8.10.44", Optional, null, "", null),
        Define(10, 49, "CID", "cheiloscopic image data", "8.10.45", Optional, null, "", null),
        Define(10, 50, "VID", "dental visual image data information", "8.10.46", Optional, null, "", null),
        Define(10, 51, "RSP", "ruler or scale presence", "8.10.47", Optional, null, "RSU"),
        Define(10, 902, "ANN", "annotation information", "8.10.49", Optional, 255, "GMT NAV OWN PRO", null),
        Define(10, 903, "DUI", "device unique identifier", "8.10.50", Optional, 16),
        Define(10, 904, "MMS", "make, model and serial number", "8.10.51", Optional, 50, "MAK MOD SER"),
        Define(10, 992, "T2C", "Type-2 record cross reference", "8.10.52", Optional, 2),
        Define(10, 993, "SAN", "source agency name", "8.10.53", Optional, 125),
        Define(10, 994, "EFR", "external file reference", "8.10.54", Dependent, 200),
        Define(10, 995, "ASC", "associated context", "8.10.55", Optional, 3, "ACN ASP", 255),
        Define(10, 996, "HAS", "hash", "8.10.56", Optional, 64),
        Define(10, 997, "SOR", "source representation", "8.10.57", Optional, 3, "SRN RSP", 255),
        Define(
            10, 998, "GEO", "geographic sample acquisition location", "8.10.58", Optional, 150,
            "UTE LTD LTM LTS LGD LGM LGS ELE GDC GCM GCE GCN GRT OSI OCV"),
        Define(10, 999, "DATA", "image data", "8.10.59", Dependent),
    ];
}
