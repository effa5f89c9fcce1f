using MatchEngine.Interchange.Fields;
using MatchEngine.Interchange.Images;

namespace MatchEngine.Interchange.Records;

/// <summary>
/// Photographic body part imagery (clause 8.10): a face, or a scar, mark, tattoo or other part of a body. A property gives null (or
/// nothing) where the field is absent or illegible; the validator says which. User-defined fields (10.200 … 10.900) are among
/// <see cref="TaggedRecord.Fields"/>.
/// </summary>
public sealed class Type10Record : TaggedRecord
{
    internal Type10Record(ReadOnlyMemory<byte> bytes, IReadOnlyList<Field> fields) : base(10, bytes, fields) { }

    /// <summary>10.003 IMT: the image type; see <see cref="ImageTypes"/>. Blanks around it, which old systems fill fields with, do not
    /// count.</summary>
    public string? ImageType => Text(3)?.Trim(' ');

    /// <summary>Whether the image is of a face: IMT is FACE.</summary>
    public bool IsFace => ImageType == ImageTypes.Face;

    /// <summary>10.004 SRC: the agency that took the image.</summary>
    public string? SourceAgency => Text(4);

    /// <summary>10.005 PHD: the day of capture.</summary>
    public DateOnly? PhotoDate => Date(5);

    /// <summary>10.006 HLL: pixels of a row.</summary>
    public int? Width => Integer(6);

    /// <summary>10.007 VLL: number of rows.</summary>
    public int? Height => Integer(7);

    /// <summary>
    /// 10.008 SLC: units of the scales; 0: none, they give the pixels' aspect ratio; 1: pixels per inch; 2: pixels per centimetre.
    /// </summary>
    public int? ScaleUnits => Integer(8);

    /// <summary>10.009 THPS (HPS before 2011): horizontal scale in <see cref="ScaleUnits"/>.</summary>
    public int? HorizontalScale => Integer(9);

    /// <summary>10.010 TVPS (VPS before 2011): vertical scale in <see cref="ScaleUnits"/>.</summary>
    public int? VerticalScale => Integer(10);

    /// <summary>10.011 CGA: how the image is compressed; see <see cref="CompressionAlgorithms"/>.</summary>
    public string? Compression => Text(11);

    /// <summary>10.012 CSP: the colour space; see <see cref="ColorSpaces"/>.</summary>
    public string? ColorSpace => Text(12);

    /// <summary>10.013 SAP: the rules under which a face was captured, 0 (unknown) … 52.</summary>
    public int? AcquisitionProfile => Integer(13);

    /// <summary>10.014 FIP: where the face is in a larger picture.</summary>
    public FaceBoundingBox? FaceBox => Subfields(14) is [var box, ..]
        && box.Integer("LHC") is { } left && box.Integer("RHC") is { } right && box.Integer("TVC") is { } top
        && box.Integer("BVC") is { } bottom
            ? new FaceBoundingBox(left, right, top, bottom, box["BBC"])
            : null;

    /// <summary>10.015 FPFI: the outline of the face in a larger picture.</summary>
    public FacePath? FacePath => Subfields(15) is [var path, ..] && path["BYC"] is { } kind ? new FacePath(kind, path.PointsFrom(2)) : null;

    /// <summary>10.016 SHPS: horizontal scale at which a print was scanned.</summary>
    public int? ScannedHorizontalScale => Integer(16);

    /// <summary>10.017 SVPS: vertical scale at which a print was scanned.</summary>
    public int? ScannedVerticalScale => Integer(17);

    /// <summary>10.018 DIST: lens distortion: kind (IDK), whether estimated or calculated (IDM), severity (DSC).</summary>
    public Subfield? Distortion => First(18);

    /// <summary>10.019 LAF: F shadows on the face, H hot spots, R reflections from glasses.</summary>
    public IReadOnlyList<string> LightingArtifacts => Codes(19);

    /// <summary>10.020 POS: F frontal, R right profile, L left profile, A angled, D determined by <see cref="PoseAngles"/>.</summary>
    public string? Pose => Text(20);

    /// <summary>10.021 POA: with an angled pose, degrees that the subject is turned, −180 … 180.</summary>
    public int? PoseOffset => Integer(21);

    /// <summary>10.023 PAS: what took the photo (PAC), and a vendor's description (VSD).</summary>
    public Subfield? AcquisitionSource => First(23);

    /// <summary>10.024 SQS: quality scores.</summary>
    public IReadOnlyList<QualityScore> QualityScores =>
        [.. Subfields(24).Select(score => new QualityScore(score.Integer("QVU"), score["QAV"], score["QAP"]))];

    /// <summary>10.025 SPA: the pose in degrees.</summary>
    public PoseAngles? PoseAngles => First(25) is { } angles && angles.Integer("YAW") is { } yaw && angles.Integer("PIT") is { } pitch
        && angles.Integer("ROL") is { } roll
        ? new PoseAngles(yaw, pitch, roll, angles.Integer("YAWU"), angles.Integer("PITU"), angles.Integer("ROLU"))
        : null;

    /// <summary>10.026 SXS: expression and attributes, e.g. NEUTRAL, BEARD.</summary>
    public IReadOnlyList<string> FacialDescription => Codes(26);

    /// <summary>10.027 SEC: eye colour, one code, or one for each eye.</summary>
    public IReadOnlyList<string> EyeColor => Codes(27);

    /// <summary>10.028 SHC: hair colour.</summary>
    public IReadOnlyList<string> HairColor => Codes(28);

    /// <summary>10.029 FFP: feature points of the face in the image.</summary>
    public IReadOnlyList<FeaturePoint> FeaturePoints => Points(29);

    /// <summary>10.030 DMM: CONTROLLED, ASSISTED, OBSERVED, UNATTENDED or UNKNOWN.</summary>
    public string? MonitoringMode => Text(30);

    /// <summary>10.031 TMC: tiers of the markup.</summary>
    public IReadOnlyList<string> MarkupTiers => Codes(31);

    /// <summary>10.032 3DF: feature points of the face in space.</summary>
    public IReadOnlyList<FeaturePoint> FeaturePoints3D => Points(32);

    /// <summary>10.033 FEC: outlines of features: the contour's code and its points.</summary>
    public IReadOnlyList<FeatureContour> FeatureContours =>
        [.. Subfields(33).Where(contour => contour["FCC"] is not null)
            .Select(contour => new FeatureContour(contour["FCC"]!, contour.PointsFrom(2)))];

    /// <summary>10.034 ICDR: how far the day of capture may be off, e.g. <c>M01</c>.</summary>
    public string? CaptureDateRange => Text(34);

    /// <summary>10.038 COM: a remark.</summary>
    public string? Comment => Text(38);

    /// <summary>10.039 T10: a number that links images of the same thing.</summary>
    public int? ReferenceNumber => Integer(39);

    /// <summary>10.040 SMT: NCIC codes of the place on the body.</summary>
    public IReadOnlyList<string> BodyPartCodes => Codes(40);

    /// <summary>10.041 SMS: height (HGT) and width (WID) of a scar, mark, tattoo or injury in centimetres.</summary>
    public Subfield? MarkSize => First(41);

    /// <summary>10.042 SMD: what a scar, mark or tattoo shows (SMI, TAC, TSC, TDS).</summary>
    public IReadOnlyList<Subfield> MarkDescriptors => Subfields(42);

    /// <summary>10.043 COL: colours of each descriptor of <see cref="MarkDescriptors"/>.</summary>
    public IReadOnlyList<Subfield> TattooColors => Subfields(43);

    /// <summary>10.044 ITX: what was done to the image, e.g. CROPPED.</summary>
    public IReadOnlyList<string> ImageTransforms => Codes(44);

    /// <summary>10.045 OCC: what is hidden: opacity (OCY), kind (OCT), outline.</summary>
    public IReadOnlyList<Occlusion> Occlusions =>
        [.. Subfields(45).Where(occlusion => occlusion["OCT"] is not null)
            .Select(occlusion => new Occlusion(occlusion["OCY"], occlusion["OCT"]!, occlusion.PointsFrom(3)))];

    /// <summary>10.046 SUB: whether the subject was alive (SSC), and in what state a body was (SBSC, SBCC).</summary>
    public Subfield? SubjectCondition => First(46);

    /// <summary>10.047 CON: the organisation that took the image, where it is not the source agency.</summary>
    public string? CaptureOrganization => Text(47);

    /// <summary>10.048 PID: a suspected patterned injury.</summary>
    public IReadOnlyList<Subfield> PatternedInjury => Subfields(48);

    /// <summary>10.049 CID: data of a lip print.</summary>
    public IReadOnlyList<Subfield> CheiloscopicData => Subfields(49);

    /// <summary>10.050 VID: data of a dental image.</summary>
    public IReadOnlyList<Subfield> DentalData => Subfields(50);

    /// <summary>10.051 RSP: the ruler in the picture (RSU: its units).</summary>
    public Subfield? Ruler => First(51);

    /// <summary>10.902 ANN: what was done to the original, when, and by what program.</summary>
    public IReadOnlyList<Subfield> Annotations => Subfields(902);

    /// <summary>10.903 DUI: the capture device's identifier.</summary>
    public string? DeviceIdentifier => Text(903);

    /// <summary>10.904 MMS: make, model and serial number of the device.</summary>
    public Subfield? Device => First(904);

    /// <summary>10.992 T2C: the IDC of the Type-2 record about this subject.</summary>
    public int? Type2Reference => Integer(992);

    /// <summary>10.993 SAN: the source agency's name.</summary>
    public string? SourceAgencyName => Text(993);

    /// <summary>10.994 EFR: where the image is, when it is not in the record.</summary>
    public string? ExternalFile => Text(994);

    /// <summary>10.995 ASC: Type-21 records with the surroundings.</summary>
    public IReadOnlyList<Subfield> AssociatedContext => Subfields(995);

    /// <summary>10.996 HAS: SHA-256 of the image data, 64 hexadecimal digits.</summary>
    public string? Hash => Text(996);

    /// <summary>10.997 SOR: Type-20 records with the original.</summary>
    public IReadOnlyList<Subfield> SourceRepresentations => Subfields(997);

    /// <summary>10.998 GEO: where the image was taken.</summary>
    public Subfield? Location => First(998);

    /// <summary>
    /// 10.999 DATA: the image as it lies in the caller's buffer; empty when absent. It is not copied: clearing the buffer clears it.
    /// </summary>
    public ReadOnlyMemory<byte> Data => Find(999)?.Value ?? default;

    private Subfield? First(int number) => Subfields(number) is [var first, ..] ? first : null;

    private List<FeaturePoint> Points(int number)
    {
        var points = new List<FeaturePoint>();
        foreach (var point in Subfields(number))
            if (point["FPC"] is { } code && point.Integer("HCX") is { } x && point.Integer("HCY") is { } y)
                points.Add(new FeaturePoint(point["FPT"] ?? "", code, x, y, point.Integer("HCZ")));
        return points;
    }
}
