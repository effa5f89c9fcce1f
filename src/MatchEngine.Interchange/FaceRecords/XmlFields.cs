using System.Globalization;

namespace MatchEngine.Interchange.FaceRecords;

/// <summary>
/// The elements of ANSI/NIST-ITL in XML that are read, and the fields that they are in the traditional encoding (Annex C; domain
/// <c>biom</c> of NIEM).
/// </summary>
internal static class XmlFields
{
    /// <summary>The element of an image's bytes.</summary>
    public const string Data = "BinaryBase64Object";

    /// <summary>The element around a face.</summary>
    public const string FaceImage = "FaceImage";

    /// <summary>In place of numbers: the second part of 1.002, and the parts of 1.003.</summary>
    public const int MinorVersion = -2, ContentType = -31, ContentIdc = -32;

    private const string Identification = "IdentificationID", Organization = "OrganizationIdentification";

    private static readonly Dictionary<string, int> Records = new(StringComparer.Ordinal)
    {
        ["PackageInformationRecord"] = 1,
        ["PackageFacialAndSMTImageRecord"] = 10,
        ["PackageFacialAndBodyPartImageRecord"] = 10,
    };

    // Each by its own name, or with the elements around it where the name says too little.
    private static readonly Dictionary<string, int> Header = new(StringComparer.Ordinal)
    {
        ["TransactionMajorVersionValue"] = 2,
        ["TransactionMinorVersionValue"] = MinorVersion,
        ["ContentRecordSummary/RecordCategoryCode"] = ContentType,
        [$"ContentRecordSummary/ImageReferenceIdentification/{Identification}"] = ContentIdc,
        ["TransactionCategoryCode"] = 4,
        ["TransactionDate/Date"] = 5,
        ["TransactionPriorityValue"] = 6,
        [$"TransactionDestinationOrganization/{Organization}/{Identification}"] = 7,
        [$"TransactionOriginatingOrganization/{Organization}/{Identification}"] = 8,
        [$"TransactionControlIdentification/{Identification}"] = 9,
        [$"TransactionControlReferenceIdentification/{Identification}"] = 10,
        ["NativeScanningResolutionValue"] = 11,
        ["NominalTransmittingResolutionValue"] = 12,
        ["TransactionUTCDate/DateTime"] = 14,
    };

    private static readonly Dictionary<string, int> Image = new(StringComparer.Ordinal)
    {
        [$"ImageReferenceIdentification/{Identification}"] = 2,
        ["ImageCategoryCode"] = 3,
        [$"CaptureOrganization/{Organization}/{Identification}"] = 4,
        ["CaptureDate/Date"] = 5,
        ["ImageHorizontalLineLengthPixelQuantity"] = 6,
        ["ImageVerticalLineLengthPixelQuantity"] = 7,
        ["ImageScaleUnitsCode"] = 8,
        ["ImageHorizontalPixelDensityValue"] = 9,
        ["ImageHorizontalPixelDensityQuantity"] = 9,
        ["ImageVerticalPixelDensityValue"] = 10,
        ["ImageVerticalPixelDensityQuantity"] = 10,
        ["ImageCompressionAlgorithmText"] = 11,
        ["ImageCompressionAlgorithmCode"] = 11,
        ["ImageColorSpaceCode"] = 12,
        ["FaceImageAcquisitionProfileCode"] = 13,
        ["FaceImageSubjectPoseCode"] = 20,
        ["ImageHashValue"] = 996,
    };

    /// <summary>The type of a record by its element; null for one that is not read.</summary>
    public static int? TypeOf(string element) => Records.TryGetValue(element, out var type) ? type : null;

    /// <summary>The field of a text; null where it is none that is read.</summary>
    /// <param name="type">The record's type.</param>
    /// <param name="path">The elements from the record down.</param>
    /// <param name="depth">How many of them are around the text.</param>
    public static int? NumberOf(int type, List<string> path, int depth)
    {
        var fields = type == 1 ? Header : Image;
        var name = "";
        for (var at = Math.Min(depth, path.Count) - 1; at >= 0 && name.Length < 200; at--)
        {
            name = name.Length == 0 ? path[at] : $"{path[at]}/{name}";
            if (fields.TryGetValue(name, out var number))
                return number;
        }
        return null;
    }

    /// <summary>A value as the traditional encoding has it: dates without hyphens, times in UTC with a Z.</summary>
    public static string ToTraditional(int type, int number, string value) => (type, number) switch
    {
        (1 or 10, 5) => value.Replace("-", "", StringComparison.Ordinal),
        (1, 14) => DateTimeOffset.TryParse(
            value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time.ToString("yyyyMMddHHmmss'Z'", CultureInfo.InvariantCulture)
            : value,
        _ => value,
    };
}
