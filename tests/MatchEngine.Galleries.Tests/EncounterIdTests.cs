using System.Security.Cryptography;
using System.Text;

namespace MatchEngine.Galleries.Tests;

public class EncounterIdTests
{
    private static readonly byte[] Photo = SHA256.HashData("photo"u8);

    // Made with hashlib and struct of Python.
    [Theory]
    [InlineData("anna", 1, "e3781d4623b0ed06844e00f386c9dc50")]
    [InlineData("Ånna", 2, "731c523e12c6108e9d8ad4dc444f6302")]
    public void It_is_what_another_implementation_of_the_rule_gives(string subject, int face, string expected) =>
        Assert.Equal(expected, EncounterId.Of(subject, Photo, face));

    [Fact]
    public void Subject_image_and_face_each_change_it()
    {
        string[] ids =
        [
            EncounterId.Of("anna", Photo, 1), EncounterId.Of("anna", Photo, 2), EncounterId.Of("bert", Photo, 1),
            EncounterId.Of("anna", SHA256.HashData(Encoding.UTF8.GetBytes("other")), 1),
        ];

        Assert.Equal(4, ids.Distinct().Count());
    }

    [Fact]
    public void A_hash_of_another_length_and_a_face_below_one_are_refused()
    {
        Assert.Throws<ArgumentException>(() => EncounterId.Of("anna", Photo.AsSpan(1), 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => EncounterId.Of("anna", Photo, 0));
    }
}
