using MatchEngine.Faces.Images;

namespace MatchEngine.Faces.Tests.Images;

public sealed class ImageDecoderTests
{
    private static byte[] Noise(int length, int seed = 1)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    [Fact]
    public void Rgb_pixels_come_out_as_they_went_in()
    {
        var pixels = Noise(3 * 37 * 21);
        using var image = ImageDecoder.Decode(TiffBuilder.BuildRgb(37, 21, pixels));
        Assert.Equal((37, 21), (image.Width, image.Height));
        Assert.Equal(pixels, image.Pixels.ToArray());
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6), InlineData(7), InlineData(8)]
    public void Each_orientation_puts_every_pixel_in_its_upright_place(int orientation)
    {
        const int width = 5, height = 3;
        var pixels = Noise(3 * width * height);
        using var image = ImageDecoder.Decode(TiffBuilder.BuildRgb(width, height, pixels, orientation));
        Assert.Equal(orientation >= 5 ? (height, width) : (width, height), (image.Width, image.Height));
        for (var row = 0; row < height; row++)
            for (var column = 0; column < width; column++)
            {
                // TIFF 6.0, tag 274: what the stored 0th row and 0th column are in the upright picture.
                var (x, y) = orientation switch
                {
                    1 => (column, row), // row 0 is the top, column 0 the left
                    2 => (width - 1 - column, row), // top, right
                    3 => (width - 1 - column, height - 1 - row), // bottom, right
                    4 => (column, height - 1 - row), // bottom, left
                    5 => (row, column), // row 0 is the left side, column 0 the top
                    6 => (height - 1 - row, column), // right side, top
                    7 => (height - 1 - row, width - 1 - column), // right side, bottom
                    _ => (row, width - 1 - column), // left side, bottom
                };
                Assert.Equal(pixels.AsSpan(3 * (row * width + column), 3), image.Row(y).Slice(3 * x, 3));
            }
    }

    [Fact]
    public void Orientation_holds_over_many_strips()
    {
        // 700 × 900 pixels are several strips; orientation 8 turns them all.
        const int width = 700, height = 900;
        var pixels = Noise(3 * width * height);
        using var image = ImageDecoder.Decode(TiffBuilder.BuildRgb(width, height, pixels, 8));
        for (var row = 0; row < height; row += 37)
            for (var column = 0; column < width; column += 13)
                Assert.Equal(pixels.AsSpan(3 * (row * width + column), 3), image.Row(width - 1 - column).Slice(3 * row, 3));
    }

    [Fact]
    public void Sixteen_bit_colour_keeps_its_upper_byte()
    {
        var samples = Noise(2 * 3 * 8 * 8);
        using var image = ImageDecoder.Decode(TiffBuilder.Build(8, 8, TiffBuilder.Rgb, 3, 16, samples));
        for (var i = 0; i < image.Pixels.Length; i++)
            Assert.InRange(Math.Abs(image.Pixels[i] - samples[2 * i + 1]), 0, 1);
    }

    [Theory]
    [InlineData(8), InlineData(16)]
    public void Grey_becomes_three_equal_channels(int bits)
    {
        var samples = Noise(bits / 8 * 64);
        using var image = ImageDecoder.Decode(TiffBuilder.Build(8, 8, TiffBuilder.Grey, 1, bits, samples));
        for (var i = 0; i < 64; i++)
        {
            var expected = samples[bits / 8 * i + bits / 8 - 1];
            for (var channel = 0; channel < 3; channel++)
                Assert.InRange(Math.Abs(image.Pixels[3 * i + channel] - expected), 0, 1);
        }
    }

    [Fact]
    public void Transparent_pixels_lie_on_white()
    {
        byte[] samples = [10, 20, 30, 255, /**/ 10, 20, 30, 0, /**/ 0, 100, 200, 128];
        using var image = ImageDecoder.Decode(TiffBuilder.Build(3, 1, TiffBuilder.Rgb, 4, 8, samples, alpha: true));
        byte[] expected = [10, 20, 30, 255, 255, 255, 127, 177, 227];
        for (var i = 0; i < expected.Length; i++)
            Assert.InRange(Math.Abs(image.Pixels[i] - expected[i]), 0, 1);
    }

    [Fact]
    public void Grey_with_alpha_is_read()
    {
        byte[] samples = [40, 255, /**/ 40, 0];
        using var image = ImageDecoder.Decode(TiffBuilder.Build(2, 1, TiffBuilder.Grey, 2, 8, samples, alpha: true));
        Assert.Equal([40, 40, 40, 255, 255, 255], image.Pixels.ToArray());
    }

    [Fact]
    public void Inks_become_the_colours_they_print()
    {
        // No ink is white, all black ink is dark, cyan ink takes the red away, and so on.
        byte[] inks = [0, 0, 0, 0, /**/ 0, 0, 0, 255, /**/ 255, 0, 0, 0, /**/ 0, 255, 0, 0, /**/ 0, 0, 255, 0];
        using var image = ImageDecoder.Decode(TiffBuilder.Build(5, 1, TiffBuilder.Cmyk, 4, 8, inks));
        var p = image.Pixels;
        Assert.All(p[..3].ToArray(), value => Assert.InRange(value, 250, 255));
        Assert.All(p[3..6].ToArray(), value => Assert.InRange(value, 0, 70));
        Assert.True(p[6] < p[7] && p[6] < p[8], "cyan");
        Assert.True(p[10] < p[9] && p[10] < p[11], "magenta");
        Assert.True(p[14] < p[12] && p[14] < p[13], "yellow");
    }

    /// <summary>Has libvips write a TIFF's content in another encoding, as it is: inks stay inks, 16 bits stay 16.</summary>
    internal static unsafe byte[] Reencode(byte[] tiff, ReadOnlySpan<byte> saver, ReadOnlySpan<byte> option, ReadOnlySpan<byte> value)
    {
        fixed (byte* bytes = tiff)
        {
            var load = new Native.VipsOperation("tiffload_buffer"u8);
            load.Set("buffer"u8, bytes, (nuint)tiff.Length);
            var image = load.RunToImage();
            var save = new Native.VipsOperation(saver);
            save.Set("in"u8, image);
            save.Set(option, value);
            var encoded = save.RunToBytes()!;
            Native.Vips.Unref(image);
            return encoded;
        }
    }

    private static void AssertAlike(Image expected, Image actual, double meanDifference)
    {
        Assert.Equal((expected.Width, expected.Height), (actual.Width, actual.Height));
        double sum = 0;
        for (var i = 0; i < expected.Pixels.Length; i++)
            sum += Math.Abs(expected.Pixels[i] - actual.Pixels[i]);
        Assert.InRange(sum / expected.Pixels.Length, 0, meanDifference);
    }

    [Fact]
    public void A_jpeg_of_inks_looks_like_the_tiff_of_the_same_inks()
    {
        var inks = new byte[4 * 64 * 64];
        for (var i = 0; i < inks.Length; i++)
            inks[i] = (byte)(i % 4 == 3 ? 20 : (i / 4 % 64 + i / 256) * 2);
        var tiff = TiffBuilder.Build(64, 64, TiffBuilder.Cmyk, 4, 8, inks);
        using var expected = ImageDecoder.Decode(tiff);
        using var jpeg = ImageDecoder.Decode(Reencode(tiff, "jpegsave_buffer"u8, "Q"u8, "95"u8));
        AssertAlike(expected, jpeg, 3);
    }

    [Fact]
    public void A_png_of_sixteen_bits_is_the_tiff_of_the_same_bits()
    {
        var tiff = TiffBuilder.Build(20, 10, TiffBuilder.Rgb, 3, 16, Noise(2 * 3 * 200));
        using var expected = ImageDecoder.Decode(tiff);
        using var png = ImageDecoder.Decode(Reencode(tiff, "pngsave_buffer"u8, "bitdepth"u8, "16"u8));
        AssertAlike(expected, png, 0);
    }

    [Fact]
    public void A_progressive_jpeg_is_read_like_a_plain_one()
    {
        using var image = ImageDecoder.Decode(Samples.FaceJpeg(2, 200, 95));
        var tiff = TiffBuilder.BuildRgb(200, 200, image.Pixels);
        using var plain = ImageDecoder.Decode(Reencode(tiff, "jpegsave_buffer"u8, "interlace"u8, "false"u8));
        using var progressive = ImageDecoder.Decode(Reencode(tiff, "jpegsave_buffer"u8, "interlace"u8, "true"u8));
        AssertAlike(plain, progressive, 0);
    }

    [Fact]
    public void The_first_frame_of_a_gif_is_read()
    {
        // GIF89a by the book: 2 × 1 pixels, two colours (red, blue),
        // one frame of the indices 0 and 1 in 2-bit LZW codes (clear 4, 0, 1, end 5).
        byte[] gif =
        [
            .. "GIF89a"u8, 2, 0, 1, 0, 0b1000_0000, 0, 0, 255, 0, 0, 0, 0, 255,
            0x2C, 0, 0, 0, 0, 2, 0, 1, 0, 0, 2, 2, 0b01_000_100, 0b0000_1010, 0, 0x3B,
        ];
        using var image = ImageDecoder.Decode(gif);
        Assert.Equal((2, 1), (image.Width, image.Height));
        Assert.Equal([255, 0, 0, 0, 0, 255], image.Pixels.ToArray());
    }

    [Theory]
    [InlineData("GIF89a..........")]
    [InlineData("....ftypavif....")]
    public void Damaged_gif_and_avif_are_refused(string content) =>
        Assert.Equal(
            AcquisitionFailure.Undecodable,
            Assert.Throws<AcquisitionException>(() => ImageDecoder.Decode(System.Text.Encoding.Latin1.GetBytes(content))).Reason);

    [Fact]
    public void An_avif_looks_like_what_it_was_made_of()
    {
        using var image = ImageDecoder.Decode(Samples.FaceJpeg(2, 200, 95));
        using var avif = ImageDecoder.Decode(
            Reencode(TiffBuilder.BuildRgb(200, 200, image.Pixels), "heifsave_buffer"u8, "compression"u8, "av1"u8));
        AssertAlike(image, avif, 6);
    }

    [Fact]
    public void Webp_without_loss_returns_every_pixel()
    {
        using var image = ImageDecoder.Decode(Samples.FaceJpeg(2, 200));
        using var webp = ImageDecoder.Decode(ImageEncoder.ToWebP(image));
        AssertAlike(image, webp, 0);
    }

    [Fact]
    public void Png_and_jpeg_of_one_image_agree()
    {
        using var image = ImageDecoder.Decode(Samples.Bytes(1));
        using var png = ImageDecoder.Decode(ImageEncoder.ToPng(image));
        Assert.True(image.Pixels.SequenceEqual(png.Pixels));
        using var jpeg = ImageDecoder.Decode(ImageEncoder.ToJpeg(image, 95));
        AssertAlike(image, jpeg, 3);
    }

    [Fact]
    public void Too_many_bytes_are_refused_before_anything_is_looked_at()
    {
        var error = Assert.Throws<AcquisitionException>(() => ImageDecoder.Decode(new byte[1001], new ImageLimits(MaxBytes: 1000)));
        Assert.Equal(AcquisitionFailure.TooLarge, error.Reason);
    }

    [Fact]
    public void Too_many_pixels_are_refused_from_the_header_alone()
    {
        // The header promises 60,000 × 60,000 pixels; the strip holds twelve bytes. Only a check of the header can say too_many_pixels.
        var bomb = TiffBuilder.BuildRgb(60_000, 60_000, new byte[12]);
        var error = Assert.Throws<AcquisitionException>(() => ImageDecoder.Decode(bomb));
        Assert.Equal(AcquisitionFailure.TooManyPixels, error.Reason);
        Assert.Contains("60000", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(9, 8, AcquisitionFailure.UnsupportedFormat), InlineData(8, 16, AcquisitionFailure.TooManyPixels)]
    public void Pixels_of_too_many_channels_or_bytes_are_refused_from_the_header_alone(int channels, int bits, AcquisitionFailure expected)
    {
        // One pixel below the limit on pixels, and no room for what each of them holds.
        var file = TiffBuilder.Build(50, 50, 2, channels, bits, new byte[50 * 50 * channels * bits / 8]);
        Assert.Equal(
            expected, Assert.Throws<AcquisitionException>(() => ImageDecoder.Decode(file, new ImageLimits(MaxPixels: 2501))).Reason);
    }

    [Fact]
    public void The_pixel_limit_itself_is_allowed()
    {
        var file = TiffBuilder.BuildRgb(10, 10, new byte[300]);
        using var image = ImageDecoder.Decode(file, new ImageLimits(MaxPixels: 100));
        Assert.Throws<AcquisitionException>(() => ImageDecoder.Decode(file, new ImageLimits(MaxPixels: 99)));
    }

    /// <summary>The mean of each square, reckoned pixel by pixel from the whole picture.</summary>
    private static Image Means(Image image, int factor)
    {
        var means = new Image(image.Width / factor, image.Height / factor);
        for (var y = 0; y < means.Height; y++)
            for (var x = 0; x < means.Width; x++)
                for (var c = 0; c < 3; c++)
                {
                    var sum = 0.0;
                    for (var i = 0; i < factor * factor; i++)
                        sum += image.Row(y * factor + i / factor)[3 * (x * factor + i % factor) + c];
                    means.Row(y)[3 * x + c] = (byte)Math.Round(sum / (factor * factor), MidpointRounding.AwayFromZero);
                }
        return means;
    }

    private static byte[] Ppm(Image image) =>
        [.. System.Text.Encoding.ASCII.GetBytes($"P6 {image.Width} {image.Height} 255\n"), .. image.Pixels];

    private static byte[] Bmp(Image image)
    {
        // Rows from the bottom up, blue first, to multiples of four bytes.
        var stride = (3 * image.Width + 3) / 4 * 4;
        var file = new byte[54 + stride * image.Height];
        using var header = new BinaryWriter(new MemoryStream(file));
        header.Write("BM"u8);
        foreach (var number in (int[])[file.Length, 0, 54, 40, image.Width, image.Height, 1 | 24 << 16, 0, 0, 0, 0, 0, 0])
            header.Write(number);
        for (var y = 0; y < image.Height; y++)
            for (var x = 0; x < image.Width; x++)
                for (var c = 0; c < 3; c++)
                    file[54 + stride * (image.Height - 1 - y) + 3 * x + c] = image.Row(y)[3 * x + 2 - c];
        return file;
    }

    [Theory]
    [InlineData("ppm", 2, 0.01), InlineData("bmp", 3, 0.01), InlineData("png", 2, 1), InlineData("png", 3, 1),
        InlineData("jpeg", 2, 3), InlineData("jpeg", 4, 3)]
    public void A_picture_too_large_to_be_held_is_read_scaled_down(string encoding, int factor, double difference)
    {
        using var image = ImageDecoder.Decode(Samples.Bytes(1));
        var bytes = encoding switch
        {
            "ppm" => Ppm(image),
            "bmp" => Bmp(image),
            "png" => ImageEncoder.ToPng(image),
            _ => ImageEncoder.ToJpeg(image, 95),
        };
        var (width, height) = ((image.Width + factor - 1) / factor, (image.Height + factor - 1) / factor);
        using var held = ImageDecoder.Decode(bytes, new ImageLimits(MaxDecodedPixels: (long)width * height));
        Assert.Equal((image.Width, image.Height), (held.OriginalWidth, held.OriginalHeight));
        using var expected = Means(image, factor);
        // A rest that fills no square may be left out or not.
        Assert.InRange(held.Height, expected.Height, height);
        Assert.Equal(expected.Width, held.Width);
        var differences = 0.0;
        for (var i = 0; i < expected.Pixels.Length; i++)
            differences += Math.Abs(expected.Pixels[i] - held.Pixels[i]);
        Assert.InRange(differences / expected.Pixels.Length, 0, difference);
        using var whole = ImageDecoder.Decode(bytes, new ImageLimits(MaxDecodedPixels: (long)image.Width * image.Height));
        Assert.Equal(
            (image.Width, image.Height, image.Width, image.Height), (whole.Width, whole.Height, whole.OriginalWidth, whole.OriginalHeight));
    }

    [Fact]
    public void A_jpeg_is_scaled_by_a_power_of_two_and_the_rest_by_squares()
    {
        using var image = ImageDecoder.Decode(Samples.Bytes(1));
        var jpeg = ImageEncoder.ToJpeg(image, 95);
        using var third = ImageDecoder.Decode(jpeg, new ImageLimits(MaxDecodedPixels: image.Width * image.Height / 8));
        Assert.Equal((image.Width + 3) / 4, third.Width);
        using var sixteenth = ImageDecoder.Decode(jpeg, new ImageLimits(MaxDecodedPixels: image.Width * image.Height / 200));
        using var expected = Means(image, 16);
        AssertAlike(expected, sixteenth, 3);
    }

    [Theory]
    [InlineData("progressive JPEG"), InlineData("interlaced PNG"), InlineData("WebP"), InlineData("AVIF"), InlineData("TIFF")]
    public void What_a_codec_holds_in_full_is_refused_where_others_are_scaled_down(string kind)
    {
        using var image = ImageDecoder.Decode(Samples.FaceJpeg(2, 200, 95));
        var tiff = TiffBuilder.BuildRgb(200, 200, image.Pixels);
        var bytes = kind switch
        {
            "progressive JPEG" => Reencode(tiff, "jpegsave_buffer"u8, "interlace"u8, "true"u8),
            "interlaced PNG" => Reencode(tiff, "pngsave_buffer"u8, "interlace"u8, "true"u8),
            "WebP" => ImageEncoder.ToWebP(image),
            "AVIF" => Reencode(tiff, "heifsave_buffer"u8, "compression"u8, "av1"u8),
            _ => tiff,
        };
        var error = Assert.Throws<AcquisitionException>(() => ImageDecoder.Decode(bytes, new ImageLimits(MaxDecodedPixels: 39_999)));
        Assert.Equal(AcquisitionFailure.TooManyPixels, error.Reason);
        Assert.Contains(kind, error.Message, StringComparison.Ordinal);
        using var held = ImageDecoder.Decode(bytes, new ImageLimits(MaxDecodedPixels: 40_000));
        Assert.Equal(200, held.Width);
    }

    [Fact]
    public void A_picture_so_thin_that_nothing_would_be_left_of_it_is_refused()
    {
        using var thin = new Image(1, 3000);
        foreach (var bytes in (byte[][])[ImageEncoder.ToPng(thin), Ppm(thin), Bmp(thin)])
            Assert.Equal(
                AcquisitionFailure.TooManyPixels,
                Assert.Throws<AcquisitionException>(() => ImageDecoder.Decode(bytes, new ImageLimits(MaxDecodedPixels: 1000))).Reason);
    }

    [Fact]
    public void A_large_picture_cut_short_is_refused_and_not_half_read()
    {
        using var image = ImageDecoder.Decode(Samples.Bytes(1));
        foreach (var bytes in (byte[][])[ImageEncoder.ToJpeg(image, 90), ImageEncoder.ToPng(image), Ppm(image), Bmp(image)])
            Assert.Equal(AcquisitionFailure.Undecodable, Assert.Throws<AcquisitionException>(
                () => ImageDecoder.Decode(bytes.AsSpan(0, bytes.Length * 3 / 4), new ImageLimits(MaxDecodedPixels: 700_000))).Reason);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("1.001:523\u001D1.002:0502", "an2 extract")]
    [InlineData("hello, world", "no image")]
    [InlineData("%PDF-1.7........", "PDF")]
    [InlineData("....ftypheic....", "HEIC")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'/>", "no image")]
    public void Other_formats_are_refused_by_name(string content, string word)
    {
        var error = Assert.Throws<AcquisitionException>(() => ImageDecoder.Decode(System.Text.Encoding.Latin1.GetBytes(content)));
        Assert.Equal(AcquisitionFailure.UnsupportedFormat, error.Reason);
        Assert.Contains(word, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Jpeg_2000_is_refused_by_name()
    {
        var error = Assert.Throws<AcquisitionException>(
            () => ImageDecoder.Decode([0, 0, 0, 12, (byte)'j', (byte)'P', 32, 32, 13, 10, 0x87, 10]));
        Assert.Contains("JPEG 2000", error.Message, StringComparison.Ordinal);
        Assert.Contains("opj_decompress", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_whose_rows_come_one_by_one_is_given_up_where_it_is_cancelled()
    {
        using var image = new Image(2000, 2000);
        var png = ImageEncoder.ToPng(image);
        Assert.Throws<OperationCanceledException>(() => ImageDecoder.Decode(png, null, new CancellationToken(canceled: true)));
        ImageDecoder.Decode(png).Dispose();
    }

    public static TheoryData<string> Encodings => ["jpeg", "png", "webp", "tiff"];

    internal static byte[] Encode(string encoding)
    {
        using var image = ImageDecoder.Decode(Samples.FaceJpeg(1, 120));
        return encoding switch
        {
            "jpeg" => ImageEncoder.ToJpeg(image, 85),
            "png" => ImageEncoder.ToPng(image),
            "webp" => ImageEncoder.ToWebP(image),
            _ => TiffBuilder.BuildRgb(image.Width, image.Height, image.Pixels),
        };
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public void A_file_cut_short_anywhere_is_refused_or_lacks_nothing(string encoding)
    {
        var whole = Encode(encoding);
        using var expected = ImageDecoder.Decode(whole);
        var refused = 0;
        for (var length = 0; length < whole.Length; length += Math.Max(1, whole.Length / 97))
        {
            try
            {
                using var image = ImageDecoder.Decode(whole.AsSpan(0, length));
                // Some bytes at the end carry no pixels (end markers, padding): what is returned must be the picture, whole.
                Assert.True(expected.Pixels.SequenceEqual(image.Pixels), $"cut at {length} of {whole.Length}: accepted with other pixels");
            }
            catch (AcquisitionException error)
            {
                Assert.Contains(error.Reason, (AcquisitionFailure[])[AcquisitionFailure.Undecodable, AcquisitionFailure.UnsupportedFormat]);
                refused++;
            }
        }
        Assert.InRange(refused, 90, 98);
    }

    [Fact]
    public void A_jpeg_without_its_end_is_said_to_be_cut_short()
    {
        var whole = Encode("jpeg");
        var error = Assert.Throws<AcquisitionException>(() => ImageDecoder.Decode(whole.AsSpan(0, whole.Length / 2)));
        Assert.Equal(AcquisitionFailure.Undecodable, error.Reason);
        Assert.Contains("cut short", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decoders_side_by_side_do_not_disturb_each_other()
    {
        var (good, bad) = (Encode("jpeg"), Encode("png")[..500]);
        using var expected = ImageDecoder.Decode(good);
        var pixels = expected.Pixels.ToArray();
        Parallel.For(0, 400, i =>
        {
            if (i % 2 == 0)
            {
                using var image = ImageDecoder.Decode(good);
                Assert.True(image.Pixels.SequenceEqual(pixels));
            }
            else
            {
                Assert.Equal(AcquisitionFailure.Undecodable, Assert.Throws<AcquisitionException>(() => ImageDecoder.Decode(bad)).Reason);
            }
        });
    }

    [Fact]
    public void Nothing_is_written_to_the_temporary_folder_even_for_a_large_picture()
    {
        // libvips spills decoded pictures above 100 MB to a file unless they are read as a stream; 7,000 × 6,000 are 126 MB.
        var before = Directory.GetFileSystemEntries(Path.GetTempPath(), "vips*").Length;
        using var blank = new Image(7000, 6000);
        var png = ImageEncoder.ToPng(blank);
        var seen = 0;
        using (var watcher = new FileSystemWatcher(Path.GetTempPath(), "vips*"))
        {
            watcher.Created += (_, _) => Interlocked.Increment(ref seen);
            watcher.EnableRaisingEvents = true;
            using var image = ImageDecoder.Decode(png);
            Assert.Equal(7000, image.Width);
        }
        Assert.Equal(before, Directory.GetFileSystemEntries(Path.GetTempPath(), "vips*").Length);
        Assert.Equal(0, seen);
    }
}
