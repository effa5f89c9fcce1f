using MatchEngine.Interchange.Fields;
using MatchEngine.Interchange.Records;

namespace MatchEngine.Interchange.Tests.Records;

public sealed class Type10RecordTests
{
    private static Type10Record Build(params (int Number, string Text)[] fields)
    {
        // Text uses _ for US and ^ for RS.
        var record = new RecordBuilder(10, 3);
        foreach (var (number, text) in fields)
            record.Add(number, text.Split('^').Select(subfield => subfield.Split('_')));
        return Transaction.Read(Samples.Header().Add(record).ToBytes()).Images.Single();
    }

    [Fact]
    public void Every_field_has_a_property_that_reads_it()
    {
        var face = Build(
            (3, "FACE"), (4, "AGENCY"), (5, "20240229"), (6, "480"), (7, "600"), (8, "2"), (9, "118"), (10, "119"),
            (11, "PNG"), (12, "SRGB"), (13, "40"),
            (14, "10_200_20_300_H"), (15, "P_3_1_2_3_4_5_6"), (16, "300"), (17, "301"), (18, "Barrel_E_Mild"), (19, "F^H"), (20, "D"),
            (21, "-45"), (23, "VENDOR_Model 7"),
            (24, "87_001A_5^254_FFFF_1"), (25, "-30_5_10_2_3_4"), (26, "NEUTRAL^BEARD"), (27, "BLU^GRN"), (28, "BRO"),
            (29, "1_12.1_100_120^1_12.2_160_121"), (30, "ASSISTED"),
            (31, "3"), (32, "2_v_1_2_3"), (33, "EYETOP_3_1_1_2_2_3_3"), (34, "M01"), (38, "a remark"), (39, "5"), (40, "S^T"),
            (41, "10_12"), (42, "TATTOO_ANIMAL_BEAR_grey bear"), (43, "BLACK_RED"),
            (44, "CROPPED^GAMMA"), (45, "T_H_3_1_1_2_2_3_3"), (46, "ALIVE"), (47, "Lab"), (48, "a"), (49, "b"), (50, "c"), (51, "IN_x"),
            (902, "20240101000000Z_prog_owner_did"), (903, "M0123456789ABC"), (904, "Make_Model_7"), (992, "0"), (993, "The Agency"),
            (994, "http://x"), (995, "1_2"), (996, new string('A', 64)),
            (997, "3_4"), (998, "_51_30"));
        Assert.Equal(3, face.Idc);
        Assert.Equal(("FACE", "AGENCY", new DateOnly(2024, 2, 29)), (face.ImageType, face.SourceAgency, face.PhotoDate));
        Assert.Equal((480, 600, 2, 118, 119), (face.Width, face.Height, face.ScaleUnits, face.HorizontalScale, face.VerticalScale));
        Assert.Equal(("PNG", "SRGB", 40), (face.Compression, face.ColorSpace, face.AcquisitionProfile));
        Assert.Equal(new FaceBoundingBox(10, 200, 20, 300, "H"), face.FaceBox);
        Assert.Equal("P", face.FacePath!.Boundary);
        Assert.Equal([(1, 2), (3, 4), (5, 6)], face.FacePath.Points);
        Assert.Equal((300, 301), (face.ScannedHorizontalScale, face.ScannedVerticalScale));
        Assert.Equal(("Barrel", "E", "Mild"), (face.Distortion!["IDK"], face.Distortion["IDM"], face.Distortion["DSC"]));
        Assert.Equal(["F", "H"], face.LightingArtifacts);
        Assert.Equal(("D", -45), (face.Pose, face.PoseOffset));
        Assert.Equal(("VENDOR", "Model 7"), (face.AcquisitionSource!["PAC"], face.AcquisitionSource["VSD"]));
        Assert.Equal([new QualityScore(87, "001A", "5"), new QualityScore(254, "FFFF", "1")], face.QualityScores);
        Assert.Equal(new PoseAngles(-30, 5, 10, 2, 3, 4), face.PoseAngles);
        Assert.Equal(["NEUTRAL", "BEARD"], face.FacialDescription);
        Assert.Equal(["BLU", "GRN"], face.EyeColor);
        Assert.Equal(["BRO"], face.HairColor);
        Assert.Equal([new FeaturePoint("1", "12.1", 100, 120, null), new FeaturePoint("1", "12.2", 160, 121, null)], face.FeaturePoints);
        Assert.Equal(("ASSISTED", "3"), (face.MonitoringMode, Assert.Single(face.MarkupTiers)));
        Assert.Equal([new FeaturePoint("2", "v", 1, 2, 3)], face.FeaturePoints3D);
        Assert.Equal("EYETOP", Assert.Single(face.FeatureContours).Code);
        Assert.Equal([(1, 1), (2, 2), (3, 3)], face.FeatureContours[0].Points);
        Assert.Equal(("M01", "a remark", 5), (face.CaptureDateRange, face.Comment, face.ReferenceNumber));
        Assert.Equal(["S", "T"], face.BodyPartCodes);
        Assert.Equal((10, 12), (face.MarkSize!.Integer("HGT"), face.MarkSize.Integer("WID")));
        Assert.Equal("grey bear", Assert.Single(face.MarkDescriptors)["TDS"]);
        Assert.Equal("RED", Assert.Single(face.TattooColors)["TC2"]);
        Assert.Equal(["CROPPED", "GAMMA"], face.ImageTransforms);
        Assert.Equal(("T", "H", 3), (face.Occlusions[0].Opacity, face.Occlusions[0].Kind, face.Occlusions[0].Points.Count));
        Assert.Equal(("ALIVE", "Lab"), (face.SubjectCondition!["SSC"], face.CaptureOrganization));
        Assert.Equal(
            ("a", "b", "c", "IN"),
            (face.PatternedInjury[0].Items[0], face.CheiloscopicData[0].Items[0], face.DentalData[0].Items[0], face.Ruler!["RSU"]));
        Assert.Equal("did", Assert.Single(face.Annotations)["PRO"]);
        Assert.Equal(("M0123456789ABC", "Model", 0), (face.DeviceIdentifier, face.Device!["MOD"], face.Type2Reference));
        Assert.Equal(("The Agency", "http://x", new string('A', 64)), (face.SourceAgencyName, face.ExternalFile, face.Hash));
        Assert.Equal(
            ("2", 3, "51", null),
            (face.AssociatedContext[0]["ASP"], face.SourceRepresentations[0].Integer("SRN"), face.Location!["LTD"], face.Location["UTE"]));
        Assert.True(face.Data.IsEmpty);
        // Each field of the layout was given, but for LEN, IDC and the data.
        Assert.Equal(
            FieldDefinitions.Of(10).Select(definition => definition.Number).Where(number => number != 999),
            face.Fields.Select(field => field.Number));
    }

    [Fact]
    public void Absent_and_illegible_fields_give_nothing()
    {
        var face = Build(
            (3, "FACE"), (5, "20230229"), (6, "12a"), (14, "1_2_3"), (24, "x"), (25, "1_2"), (29, "1_a_b_c"), (39, "99999999999"));
        Assert.Null(face.PhotoDate);
        Assert.Null(face.Width);
        Assert.Null(face.FaceBox);
        Assert.Null(face.PoseAngles);
        Assert.Null(face.ReferenceNumber);
        Assert.Null(face.Distortion);
        Assert.Null(face.Pose);
        Assert.Empty(face.FeaturePoints);
        Assert.Equal([new QualityScore(null, null, null)], face.QualityScores);
    }
}
