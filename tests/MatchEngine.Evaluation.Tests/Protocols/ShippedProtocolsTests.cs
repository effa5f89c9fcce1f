using MatchEngine.Evaluation.Demographics;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Evaluation.Subjects;
using MatchEngine.Tests;

namespace MatchEngine.Evaluation.Tests.Protocols;

public class ShippedProtocolsTests
{
    [Theory]
    [InlineData("all-pairs")]
    [InlineData("lfw-view2")]
    [InlineData("identification-open-set")]
    [InlineData("ageing")]
    [InlineData("quality")]
    [InlineData("cohort")]
    public void A_shipped_protocol_is_found_by_its_name_and_valid(string name)
    {
        var protocol = ProtocolFile.Read(ProtocolFile.Find(name));
        Assert.Equal(name, protocol.Name);
        Assert.NotNull(protocol.Description);
    }

    [Fact]
    public void The_reference_groups_of_the_shipped_protocols_exist_in_lfw_a()
    {
        var lfw = DataSetReader.Read(TestData.Require("lfw-a"), new InputFaults(strict: true));
        var protocol = ProtocolFile.Read(ProtocolFile.Find("all-pairs"));
        foreach (var columns in protocol.Slices)
        {
            var slicing = Slicing.Of(lfw, columns, protocol);
            Assert.True(slicing.ReferenceIn(protocol) >= 0, $"{slicing.By}: {string.Join(", ", slicing.Values)}");
        }
    }

    [Fact]
    public void Every_correction_of_lfw_a_names_a_photo_or_subject_of_it()
    {
        var strict = new InputFaults(strict: true);
        var lfw = DataSetReader.Read(TestData.Require("lfw-a"), strict);
        var corrections = Corrections.Read(Path.Combine(AppContext.BaseDirectory, "eval", "corrections", "lfw-a.json"));
        Assert.Equal(lfw.Name, corrections.DataSet);
        var corrected = corrections.Apply(lfw, strict);
        Assert.Equal(lfw.Images.Count, corrected.Images.Count);
        // Five names of one person are joined, and Bart Hendricks is left without a photo.
        Assert.Equal(lfw.Subjects.Count - 6, corrected.Subjects.Count);
    }
}
