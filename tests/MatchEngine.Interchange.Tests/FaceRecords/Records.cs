using System.Buffers.Binary;
using System.Formats.Asn1;
using System.Text;

namespace MatchEngine.Interchange.Tests.FaceRecords;

/// <summary>Records of the ISO formats, written by their standards and not by what reads them.</summary>
internal static class Records
{
    /// <summary>The kinds of <see cref="Make"/>.</summary>
    public static readonly string[] Kinds =
        ["19794 of 2005", "19794 of 2011", "39794", "39794 in XML", "39794 in CBEFF", "ANSI/NIST in XML"];

    /// <summary>Two images of different sizes.</summary>
    public static byte[] First => Samples.JpegHeader(60, 80);

    /// <inheritdoc cref="First"/>
    public static byte[] Second => Samples.JpegHeader(30, 40);

    /// <summary>A record of a kind with these images.</summary>
    public static byte[] Make(string kind, params byte[][] images) => kind switch
    {
        "19794 of 2005" => Of2005(images),
        "19794 of 2011" => Of2011(images),
        "39794" => Asn1(images),
        "39794 in XML" => Xml(images),
        "39794 in CBEFF" => InCbeff(0x7F2E, Asn1(images)),
        _ => NiemXml(images),
    };

    /// <summary>ISO/IEC 19794-5:2005, clause 5: each block with two feature points more than the one before.</summary>
    public static byte[] Of2005(params byte[][] images)
    {
        var blocks = images.Select((image, i) =>
        {
            var points = 2 * i;
            return (byte[])[.. Big4(20 + 8 * points + 12 + image.Length), 0, (byte)points, .. new byte[14 + 8 * points + 12], .. image];
        }).ToList();
        return [.. "FAC\0010\0"u8, .. Big4(14 + blocks.Sum(block => block.Length)), 0, (byte)images.Length, .. blocks.SelectMany(b => b)];
    }

    /// <summary>ISO/IEC 19794-5:2011: a length before each image, and here a few bytes of other data behind it.</summary>
    public static byte[] Of2011(params byte[][] images)
    {
        var blocks = images.Select(image =>
        {
            byte[] body = [.. new byte[14], 0, .. new byte[17], .. new byte[11], .. Big4(image.Length), .. image, 9, 9, 9];
            return (byte[])[.. Big4(4 + body.Length), .. body];
        }).ToList();
        return
        [
            .. "FAC\0030\0"u8, .. Big4(17 + blocks.Sum(block => block.Length)), 0, (byte)images.Length, 0, 0, 0,
            .. blocks.SelectMany(block => block),
        ];
    }

    /// <summary>ISO/IEC 39794-5 in DER: version 3 of 2019, and representations with their number, image and capture date.</summary>
    public static byte[] Asn1(params byte[][] images)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence(new Asn1Tag(TagClass.Application, 5)))
        {
            using (writer.PushSequence(Context(0)))
            {
                writer.WriteInteger(3, new Asn1Tag(TagClass.ContextSpecific, 0));
                writer.WriteInteger(2019, new Asn1Tag(TagClass.ContextSpecific, 1));
            }
            using (writer.PushSequence(Context(1)))
                foreach (var (i, image) in images.Index())
                    using (writer.PushSequence())
                    {
                        writer.WriteInteger(i, new Asn1Tag(TagClass.ContextSpecific, 0));
                        using (writer.PushSequence(Context(1)))
                        using (writer.PushSequence(Context(0)))
                        using (writer.PushSequence(Context(0)))
                        {
                            writer.WriteOctetString(image, new Asn1Tag(TagClass.ContextSpecific, 0));
                            using (writer.PushSequence(Context(1)))
                                writer.WriteInteger(1, new Asn1Tag(TagClass.ContextSpecific, 0));
                        }
                        using (writer.PushSequence(Context(2)))
                            writer.WriteInteger(2026, new Asn1Tag(TagClass.ContextSpecific, 0));
                    }
        }
        return writer.Encode();
    }

    /// <summary>The same in XML.</summary>
    public static byte[] Xml(params byte[][] images) => Encoding.UTF8.GetBytes(
        """<?xml version="1.0" encoding="UTF-8"?><!-- a > comment -->"""
            + """<fac:faceImageDataBlock xmlns:fac="http://standards.iso.org/iso-iec/39794/-5">"""
            + "<fac:versionBlock/><fac:representationBlocks>"
            + string.Concat(images.Select(image =>
                "<fac:representationBlock><fac:imageRepresentation><fac:base><fac:imageRepresentation2DBlock><fac:representationData2D>\n"
                    + Convert.ToBase64String(image, Base64FormattingOptions.InsertLineBreaks)
                    + "\n</fac:representationData2D></fac:imageRepresentation2DBlock></fac:base></fac:imageRepresentation>"
                    + "</fac:representationBlock>"))
            + "</fac:representationBlocks></fac:faceImageDataBlock>");

    /// <summary>A record in data group 2 of a passport: ICAO Doc 9303-10, with the header of one template.</summary>
    public static byte[] InCbeff(int tag, byte[] record) =>
        Tlv(0x75, Tlv(0x7F61, [.. Tlv(0x02, [1]), .. Tlv(0x7F60, [.. Tlv(0xA1, Tlv(0x87, [1, 1])), .. Tlv(tag, record)])]));

    /// <summary>A face search in XML with every field that a complete one has.</summary>
    public static byte[] NiemXml(params byte[][] images) => Encoding.UTF8.GetBytes(
        $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <itl:NISTBiometricInformationExchangePackage xmlns:itl="http://biometrics.nist.gov/standard/2011"
            xmlns:biom="http://release.niem.gov/niem/domains/biometrics/4.1/" xmlns:nc="http://release.niem.gov/niem/niem-core/4.0/">
          <itl:PackageInformationRecord>
            <biom:RecordCategoryCode>01</biom:RecordCategoryCode>
            <biom:Transaction>
              <biom:TransactionDate><nc:Date>2026-11-22</nc:Date></biom:TransactionDate>
              <biom:TransactionDestinationOrganization>
                <nc:OrganizationIdentification><nc:IdentificationID>DEST</nc:IdentificationID></nc:OrganizationIdentification>
              </biom:TransactionDestinationOrganization>
              <biom:TransactionOriginatingOrganization>
                <nc:OrganizationIdentification><nc:IdentificationID>ORIG</nc:IdentificationID></nc:OrganizationIdentification>
              </biom:TransactionOriginatingOrganization>
              <biom:TransactionControlIdentification><nc:IdentificationID>T-1</nc:IdentificationID></biom:TransactionControlIdentification>
              <biom:TransactionImageResolutionDetails>
                <biom:NativeScanningResolutionValue>00.00</biom:NativeScanningResolutionValue>
                <biom:NominalTransmittingResolutionValue>00.00</biom:NominalTransmittingResolutionValue>
              </biom:TransactionImageResolutionDetails>
              <biom:TransactionMajorVersionValue>05</biom:TransactionMajorVersionValue>
              <biom:TransactionMinorVersionValue>02</biom:TransactionMinorVersionValue>
              <biom:TransactionPriorityValue>4</biom:TransactionPriorityValue>
              <biom:TransactionUTCDate><nc:DateTime>2026-11-22T13:30:15Z</nc:DateTime></biom:TransactionUTCDate>
              <biom:TransactionCategoryCode>FRS</biom:TransactionCategoryCode>
              <biom:TransactionContentSummary>
                <biom:ContentFirstRecordCategoryCode>01</biom:ContentFirstRecordCategoryCode>
                <biom:ContentRecordQuantity>{images.Length}</biom:ContentRecordQuantity>
                {string.Concat(images.Select((_, i) => $"""
                <biom:ContentRecordSummary>
                  <biom:RecordCategoryCode>10</biom:RecordCategoryCode>
                  <biom:ImageReferenceIdentification>
                    <nc:IdentificationID>{i + 1:00}</nc:IdentificationID>
                  </biom:ImageReferenceIdentification>
                </biom:ContentRecordSummary>
                """))}
              </biom:TransactionContentSummary>
            </biom:Transaction>
          </itl:PackageInformationRecord>
          {string.Concat(images.Select((image, i) => $"""
          <itl:PackageFacialAndSMTImageRecord>
            <biom:RecordCategoryCode>10</biom:RecordCategoryCode>
            <biom:ImageReferenceIdentification><nc:IdentificationID>{i + 1:00}</nc:IdentificationID></biom:ImageReferenceIdentification>
            <biom:FaceImage>
              <nc:BinaryBase64Object>{Convert.ToBase64String(image)}</nc:BinaryBase64Object>
              <biom:ImageCaptureDetail>
                <biom:CaptureDate><nc:Date>2026-02-28</nc:Date></biom:CaptureDate>
                <biom:CaptureOrganization>
                  <nc:OrganizationIdentification><nc:IdentificationID>ORIG</nc:IdentificationID></nc:OrganizationIdentification>
                </biom:CaptureOrganization>
              </biom:ImageCaptureDetail>
              <biom:ImageColorSpaceCode>RGB</biom:ImageColorSpaceCode>
              <biom:ImageCompressionAlgorithmCode>JPEGB</biom:ImageCompressionAlgorithmCode>
              <biom:ImageHorizontalLineLengthPixelQuantity>{Width(image)}</biom:ImageHorizontalLineLengthPixelQuantity>
              <biom:ImageVerticalLineLengthPixelQuantity>{Height(image)}</biom:ImageVerticalLineLengthPixelQuantity>
              <biom:ImageHorizontalPixelDensityValue>1</biom:ImageHorizontalPixelDensityValue>
              <biom:ImageVerticalPixelDensityValue>1</biom:ImageVerticalPixelDensityValue>
              <biom:ImageScaleUnitsCode>0</biom:ImageScaleUnitsCode>
              <biom:ImageCategoryCode>FACE</biom:ImageCategoryCode>
              <biom:FaceImageAcquisitionProfileCode>0</biom:FaceImageAcquisitionProfileCode>
            </biom:FaceImage>
          </itl:PackageFacialAndSMTImageRecord>
          """))}
        </itl:NISTBiometricInformationExchangePackage>
        """);

    private static int Width(byte[] jpeg) => Interchange.Images.ImageHeader.Read(jpeg)!.Width;

    private static int Height(byte[] jpeg) => Interchange.Images.ImageHeader.Read(jpeg)!.Height;

    private static Asn1Tag Context(int value) => new(TagClass.ContextSpecific, value);

    private static byte[] Big4(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Tlv(int tag, byte[] content) =>
    [
        .. tag > 255 ? new[] { (byte)(tag >> 8), (byte)tag } : [(byte)tag],
        .. content.Length < 128 ? new[] { (byte)content.Length } : [0x82, (byte)(content.Length >> 8), (byte)content.Length],
        .. content,
    ];
}
