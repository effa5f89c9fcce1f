using System.Buffers.Binary;
using MatchEngine.Faces;
using MatchEngine.Faces.Images;
using MatchEngine.Interchange;
using MatchEngine.Interchange.Images;
using MatchEngine.Interchange.Records;
using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Conduct;

/// <summary>Photos as a target should not get them, made of those that it may get.</summary>
internal static class AlteredPhotos
{
    private const int Quality = 95;

    /// <summary>The middle of a photo.</summary>
    /// <param name="photo">The photo.</param>
    /// <param name="share">How much of each side is left, over 0 and at most 1.</param>
    public static PhotoInput Crop(PhotoInput photo, double share)
    {
        using var image = Decode(photo);
        var (width, height) = (Math.Max(1, (int)(share * image.Width)), Math.Max(1, (int)(share * image.Height)));
        var (left, top) = ((image.Width - width) / 2, (image.Height - height) / 2);
        using var crop = new Image(width, height);
        for (var y = 0; y < height; y++)
            image.Row(top + y).Slice(3 * left, 3 * width).CopyTo(crop.Row(y));
        return Jpeg(crop);
    }

    /// <summary>The same picture, stored turned, with the orientation that makes it upright again (CIPA DC-008, tag 0x0112).</summary>
    /// <param name="photo">The photo.</param>
    /// <param name="orientation">1 … 8.</param>
    public static PhotoInput Turned(PhotoInput photo, int orientation)
    {
        using var upright = Decode(photo);
        var (w, h) = (upright.Width, upright.Height);
        using var stored = orientation < 5 ? new Image(w, h) : new Image(h, w);
        for (var y = 0; y < stored.Height; y++)
            for (var x = 0; x < stored.Width; x++)
            {
                // Where the pixel that is stored at (x, y) stands upright.
                var (u, v) = orientation switch
                {
                    2 => (w - 1 - x, y),
                    3 => (w - 1 - x, h - 1 - y),
                    4 => (x, h - 1 - y),
                    5 => (y, x),
                    6 => (w - 1 - y, x),
                    7 => (w - 1 - y, h - 1 - x),
                    8 => (y, h - 1 - x),
                    _ => (x, y),
                };
                upright.Row(v).Slice(3 * u, 3).CopyTo(stored.Row(y)[(3 * x)..]);
            }
        return new PhotoInput(WithOrientation(ImageEncoder.ToJpeg(stored, Quality), orientation));
    }

    /// <summary>Two photos beside each other in one, of the height of the lower.</summary>
    public static PhotoInput SideBySide(PhotoInput left, PhotoInput right)
    {
        using var a = Decode(left);
        using var b = Decode(right);
        var height = Math.Min(a.Height, b.Height);
        var (widthA, widthB) = (Math.Max(1, a.Width * height / a.Height), Math.Max(1, b.Width * height / b.Height));
        using var both = new Image(widthA + widthB, height);
        Place(a, both, 0, widthA);
        Place(b, both, widthA, widthB);
        return Jpeg(both);
    }

    /// <summary>A grey wall: nobody is on it.</summary>
    public static PhotoInput Nobody()
    {
        using var image = new Image(320, 320);
        image.Pixels.Fill(128);
        return Jpeg(image);
    }

    /// <summary>The first half of a file.</summary>
    public static PhotoInput Truncated(PhotoInput photo) => photo with { Bytes = photo.Bytes[..(photo.Bytes.Length / 2)] };

    /// <summary>A photo with a tail of nothing, so that the file has a length.</summary>
    public static PhotoInput Padded(PhotoInput photo, int length)
    {
        var padded = new byte[Math.Max(length, photo.Bytes.Length)];
        photo.Bytes.CopyTo(padded);
        return photo with { Bytes = padded };
    }

    /// <summary>An ANSI/NIST-ITL file whose one image is declared to be a tattoo, and shows a face all the same.</summary>
    public static PhotoInput TattooRecord(PhotoInput photo)
    {
        using var image = Decode(photo);
        var record = new RecordBuilder(10, idc: 1)
            .Add(3, ImageTypes.Tattoo).Add(4, "VETTING").Add(5, "20200101").Add(6, image.Width).Add(7, image.Height)
            .Add(8, 0).Add(9, 1).Add(10, 1).Add(11, "JPEGB").Add(12, "SRGB").Add(40, "ARM")
            .AddData(ImageEncoder.ToJpeg(image, Quality));
        var file = new TransactionBuilder
        {
            TransactionType = "FRS", Time = DateTimeOffset.UnixEpoch, DestinationAgency = "VETTING", OriginatingAgency = "VETTING",
            ControlNumber = "VETTING-1",
        };
        return new PhotoInput(file.Add(new RecordBuilder(2, idc: 0)).Add(record).ToBytes(), "application/octet-stream");
    }

    /// <summary>Files that mean harm, by what they are.</summary>
    public static IEnumerable<(string What, PhotoInput File)> Hostile(PhotoInput photo)
    {
        yield return ("no bytes at all", new PhotoInput(ReadOnlyMemory<byte>.Empty));
        yield return ("a text that is called a JPEG", new PhotoInput("<?php echo 'no photo'; ?>"u8.ToArray()));
        yield return ("an SVG that includes a file of the machine", new PhotoInput(
            """
            <?xml version="1.0"?><!DOCTYPE svg [<!ENTITY f SYSTEM "file:///etc/hostname">]>
            <svg xmlns="http://www.w3.org/2000/svg"><text>&f;</text></svg>
            """u8.ToArray(),
            "image/svg+xml"));
        using var image = Decode(photo);
        var declared = ImageEncoder.ToJpeg(image, Quality);
        DeclareHuge(declared);
        yield return ("a JPEG that declares 65,500 × 65,500 pixels", new PhotoInput(declared));
        yield return ("a JPEG's first bytes and noise", new PhotoInput(Noise()));
    }

    private static Image Decode(PhotoInput photo)
    {
        try
        {
            return ImageDecoder.Decode(photo.Bytes.Span);
        }
        catch (AcquisitionException error)
        {
            throw new CheckAbandonedException($"a photo that was to be altered cannot be read here: {error.Message}");
        }
    }

    private static PhotoInput Jpeg(Image image) => new(ImageEncoder.ToJpeg(image, Quality));

    private static void Place(Image source, Image target, int left, int width)
    {
        for (var y = 0; y < target.Height; y++)
            for (var x = 0; x < width; x++)
                source.Row(y * source.Height / target.Height).Slice(3 * (x * source.Width / width), 3)
                    .CopyTo(target.Row(y)[(3 * (left + x))..]);
    }

    // An APP1 segment with one entry, behind the start of the image.
    private static byte[] WithOrientation(byte[] jpeg, int orientation)
    {
        byte[] exif =
        [
            0xFF, 0xE1, 0, 34, (byte)'E', (byte)'x', (byte)'i', (byte)'f', 0, 0,
            (byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8,
            0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0,
            0, 0, 0, 0,
        ];
        return [.. jpeg[..2], .. exif, .. jpeg[2..]];
    }

    // The sides stand behind marker, length and precision of the frame's header.
    private static void DeclareHuge(Span<byte> jpeg)
    {
        for (var at = 2; at + 9 < jpeg.Length && jpeg[at] == 0xFF; at += 2 + BinaryPrimitives.ReadUInt16BigEndian(jpeg[(at + 2)..]))
            if (jpeg[at + 1] is 0xC0 or 0xC1 or 0xC2)
            {
                BinaryPrimitives.WriteUInt16BigEndian(jpeg[(at + 5)..], 65_500);
                BinaryPrimitives.WriteUInt16BigEndian(jpeg[(at + 7)..], 65_500);
                return;
            }
    }

    private static byte[] Noise()
    {
        var noise = new byte[4096];
        var state = 12_345u;
        for (var i = 0; i < noise.Length; i++)
            noise[i] = (byte)((state = state * 1_664_525 + 1_013_904_223) >> 24);
        (noise[0], noise[1], noise[2]) = (0xFF, 0xD8, 0xFF);
        return noise;
    }
}
