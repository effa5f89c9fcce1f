using System.Security.Cryptography;
using MatchEngine.Interchange.Fields;
using MatchEngine.Interchange.Images;
using MatchEngine.Interchange.Records;

namespace MatchEngine.Interchange.Validation;

/// <summary>What clause 8.10 wants of a photographic record.</summary>
internal static class Type10Rules
{
    public static void Check(RecordCheck check, Type10Record record)
    {
        check.CheckDefinitions();
        CheckNumbers(check, record);
        if (record.Text(3) is { } type && type != record.ImageType)
            check.Warn(3, "blanks stand around the image type", "the code alone", "8.10.3");
        check.OneOf(
            3, value => ImageTypes.IsKnown(value.Trim(' ')),
            "FACE, SCAR, MARK, TATTOO or another image type of the standard", Severity.Warning);
        check.LocalDate(5);
        CheckImage(check, record);
        CheckFace(check, record);
        CheckScarMarkTattoo(check, record);
        check.Range(39, 1, 999, Severity.Warning);
        check.OneOf(
            30, mode => mode is "CONTROLLED" or "ASSISTED" or "OBSERVED" or "UNATTENDED" or "UNKNOWN",
            "CONTROLLED, ASSISTED, OBSERVED, UNATTENDED or UNKNOWN", Severity.Warning);
        if (record.DeviceIdentifier is { } device && (device.Length < 13 || device[0] is not ('M' or 'P')))
            check.Warn(903, "no device identifier of the standard's form", "13 … 16 characters, the first M or P", "7.7.1.1");
        check.Range(992, 0, 99);
    }

    private static void CheckNumbers(RecordCheck check, Type10Record record)
    {
        foreach (var field in record.Fields)
            if (field.RecordType == 10 && FieldDefinitions.IsReservedOfType10(field.Number))
                check.Warn(field.Number, "a number that the standard keeps for itself", "user-defined fields are 10.200 … 10.900", "8.10");
        if (record.Find(999) is not null && record.Fields[^1].Number != 999)
            check.Error(999, "fields follow the data", "10.999 is the last field", "B.1.5");
    }

    private static void CheckImage(RecordCheck check, Type10Record record)
    {
        var data = record.Data;
        if (data.IsEmpty && record.ExternalFile is null)
            check.Missing(999, "the image, or a reference to it in 10.994");
        if (!data.IsEmpty && record.Find(994) is not null)
            check.Error(994, "an external file although the image is in 10.999", "one of the two", "8.10.54");
        foreach (var number in (int[])[6, 7, 8, 9, 10, 11, 12])
            if (!data.IsEmpty && record.Find(number) is null)
                check.Missing(number, "mandatory where there is an image in 10.999");
        check.Range(6, 10, 99999);
        check.Range(7, 10, 99999);
        check.Range(8, 0, 2);
        foreach (var number in (int[])[9, 10])
            check.Range(number, record.ScaleUnits is 1 or 2 ? 1 : 0, 99999, Severity.Warning);
        check.Range(16, 1, 99999);
        check.Range(17, 1, 99999);
        check.OneOf(11, CompressionAlgorithms.IsForPhotos, "NONE, JPEGB, JPEGL, JP2, JP2L or PNG");
        check.OneOf(12, ColorSpaces.IsKnown, "UNK, GRAY, RGB, SRGB, YCC or SYCC");
        if (data.IsEmpty)
            return;
        CheckAgainstData(check, record, data.Span);
        if (record.Hash is { } hash && !hash.Equals(Convert.ToHexString(SHA256.HashData(data.Span)), StringComparison.OrdinalIgnoreCase))
            check.Error(996, "the hash is not that of the data", "SHA-256 of 10.999, 64 hexadecimal digits", "7.5.2");
    }

    private static void CheckAgainstData(RecordCheck check, Type10Record record, ReadOnlySpan<byte> data)
    {
        var header = ImageHeader.Read(data);
        var stated = record.Compression;
        if (header is not null)
        {
            // The JPEG 2000 header does not tell whether the transform was lossless.
            var same = stated == header.Compression
                || (stated == CompressionAlgorithms.Jpeg2000Lossless && header.Compression == CompressionAlgorithms.Jpeg2000);
            if (stated is not null && !same)
                check.Error(
                    11, $"{RecordCheck.Quote(stated)} although the data are {header.Compression}", "the algorithm of the data", "8.10.11");
            if (!header.IsBaseline)
                check.Warn(11, "the JPEG is extended, progressive or arithmetically coded", "JPEGB stands for baseline JPEG", "8.10.11");
            if ((record.Width is { } width && width != header.Width) || (record.Height is { } height && height != header.Height))
                check.Error(
                    6, $"{record.Width} × {record.Height} pixels stated, {header.Width} × {header.Height} in the image",
                    "the size of the image", "8.10.6");
        }
        else if (stated == CompressionAlgorithms.None && record is { Width: { } width, Height: { } height })
        {
            var pixels = (long)width * height;
            if (data.Length != pixels * (record.ColorSpace == ColorSpaces.Gray ? 1 : 3)
                && !(record.ColorSpace is null or ColorSpaces.Undefined && data.Length == pixels))
                check.Error(
                    999,
                    $"{data.Length} bytes of uncompressed pixels for {width} × {height} of {record.ColorSpace ?? "no stated colour space"}",
                    "HLL × VLL × channels bytes", "8.10.59");
        }
        else if (stated is not (null or CompressionAlgorithms.None) && CompressionAlgorithms.IsForPhotos(stated))
            check.Error(999, $"the data do not begin as {stated} does", "the algorithm that 10.011 names", "8.10.11");
    }

    private static void CheckFace(RecordCheck check, Type10Record record)
    {
        if (record.IsFace && record.Find(13) is null)
            check.Missing(13, "mandatory for faces; 0 where the profile is unknown");
        check.OneOf(
            13, profile => profile is "0" or "1" or "10" or "11" or "12" or "13" or "14" or "15" or "20" or "30" or "32"
                or "40" or "42" or "50" or "51" or "52",
            "0, 1, 10 … 15, 20, 30, 32, 40, 42, 50, 51 or 52", Severity.Warning);
        foreach (var number in (int[])[14, 15, 18, 19, 20, 21, 24, 25, 26, 27, 28, 29, 32, 33])
            check.OnlyIf(number, record.IsFace, "only for faces (IMT FACE)");
        if (record.AcquisitionProfile is 40 or 50 or 51)
            foreach (var number in (int[])[26, 27, 28])
                if (record.Find(number) is null)
                    check.Missing(number, $"mandatory for a profile (SAP) of {record.AcquisitionProfile}");
        check.OneOf(19, artifact => artifact is "F" or "H" or "R", "F, H or R");
        check.OneOf(20, pose => pose is "F" or "R" or "L" or "A" or "D", "F, R, L, A or D");
        check.Range(21, -180, 180);
        check.OnlyIf(21, record.Pose == "A", "only with POS A");
        check.OnlyIf(25, record.Pose == "D", "only with POS D");
        if (record.Pose == "D" && record.Find(25) is null)
            check.Missing(25, "mandatory with POS D");
        if (record.Find(14) is { Value.Length: > 0 })
            CheckBox(check, record);
        if (record.Find(25) is { Value.Length: > 0 })
            CheckAngles(check, record);
        foreach (var score in record.QualityScores)
            if (score.Value is not ((>= 0 and <= 100) or 254 or 255))
                check.Error(24, "a quality score out of range or no number", "0 … 100; 254 no attempt; 255 failed", "7.7.7");
    }

    private static void CheckBox(RecordCheck check, Type10Record record)
    {
        if (record.FaceBox is not { } box)
            check.Error(14, "the bounding box is incomplete or no numbers", "LHC, RHC, TVC, BVC", "8.10.14");
        else if (box.Left < 0 || box.Top < 0 || box.Left >= box.Right || box.Top >= box.Bottom
            || box.Right > record.Width || box.Bottom > record.Height)
            check.Error(
                14, $"the box {box.Left} … {box.Right}, {box.Top} … {box.Bottom} does not lie within {record.Width} × {record.Height}",
                "left < right, top < bottom, within the image", "8.10.14");
    }

    private static void CheckAngles(RecordCheck check, Type10Record record)
    {
        if (record.PoseAngles is not { } angles)
            check.Error(25, "the pose angles are incomplete or no numbers", "YAW, PIT, ROL", "8.10.24");
        else if (angles.Yaw is < -180 or > 180 || angles.Pitch is < -90 or > 90 || angles.Roll is < -180 or > 180)
            check.Error(
                25, $"yaw {angles.Yaw}, pitch {angles.Pitch}, roll {angles.Roll}", "−180 … 180, −90 … 90, −180 … 180 degrees", "8.10.24");
    }

    private static void CheckScarMarkTattoo(RecordCheck check, Type10Record record)
    {
        var smt = ImageTypes.IsScarMarkOrTattoo(record.ImageType);
        if (smt && record.Find(40) is null)
            check.Missing(40, "mandatory for SCAR, MARK and TATTOO");
        check.OnlyIf(40, smt, "only for SCAR, MARK and TATTOO");
        check.OnlyIf(42, smt, "only for SCAR, MARK and TATTOO");
        check.OnlyIf(43, smt, "only for SCAR, MARK and TATTOO");
    }
}
