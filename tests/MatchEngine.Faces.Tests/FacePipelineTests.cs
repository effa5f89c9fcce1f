using System.Buffers.Binary;
using System.Numerics;
using MatchEngine.Faces.Alignment;
using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Models;
using MatchEngine.Faces.Quality;
using MatchEngine.Tests;

namespace MatchEngine.Faces.Tests;

public sealed class FacePipelineTests
{
    private static readonly FacePipeline Pipeline = Samples.Pipeline;

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6)]
    public void The_faces_of_the_sample_photos_are_found(int number)
    {
        var extraction = Pipeline.Extract(Samples.Bytes(number), new(FaceChoice.All));
        Assert.True(extraction.FacesFound >= 2, "the samples are group photos");
        Assert.Equal(extraction.FacesFound, extraction.Faces.Count);
        foreach (var face in extraction.Faces)
        {
            Assert.Equal(Pipeline.Model.Dimension, face.Embedding.Length);
            Assert.Equal(1, face.Embedding.Sum(value => (double)value * value), 1e-4);
            // The points lie in the face in the order of their names.
            var (left, right, nose) = (face.Points.LeftEye, face.Points.RightEye, face.Points.Nose);
            Assert.True(
                left.X < right.X && nose.Y > Math.Min(left.Y, right.Y) && face.Points.LeftMouth.Y > nose.Y - 0.3f * face.Box.Height);
            Assert.InRange(nose.X, face.Box.X, face.Box.Right);
            Assert.InRange(nose.Y, face.Box.Y, face.Box.Bottom);
        }
        Assert.Equal(extraction.Faces.OrderByDescending(face => face.Box.Area), extraction.Faces);
    }

    [Fact]
    public void A_group_photo_is_refused_when_the_only_face_is_wanted()
    {
        var error = Assert.Throws<AcquisitionException>(() => Pipeline.Extract(Samples.Bytes(1), new(FaceChoice.Only)));
        Assert.Equal(AcquisitionFailure.MultipleFaces, error.Reason);
        Assert.True(error.Faces.Count >= 2);
    }

    [Fact]
    public void A_photo_on_its_side_is_prepared_and_its_faces_lie_where_they_are_in_the_photo()
    {
        using var photo = ImageDecoder.Decode(Samples.Bytes(3));
        var all = Pipeline.Extract(photo, new(FaceChoice.All));
        var wanted = all.Faces[1];
        var (box, middle) = (wanted.Box, new Vector2(wanted.Box.X + wanted.Box.Width / 2, wanted.Box.Y + wanted.Box.Height / 2));
        // So much of the photo that this face alone is whole in it.
        var crop = new PhotoCrop(
            (int)(box.X - 0.4f * box.Width), (int)(box.Y - 0.4f * box.Height), (int)(1.8f * box.Width), (int)(1.8f * box.Height));
        Image? shown = null;
        foreach (var (preparation, choice) in new[]
        {
            (new ImagePreparation(crop), FaceChoice.Only),
            (new ImagePreparation(crop, 20, 120, 90, 1.2), FaceChoice.Largest),
            (new ImagePreparation(Turn: -15), FaceChoice.At(middle)),
            (new ImagePreparation(Gamma: 1.3), FaceChoice.At(middle)),
        })
        {
            var prepared = Pipeline.Extract(
                photo, new ExtractionRequest(choice) { Preparation = preparation, Show = (image, _) => shown = image });
            var face = Assert.Single(prepared.Faces);
            Assert.Equal((all.Width, all.Height), (prepared.Width, prepared.Height));
            Assert.Same(photo, shown);
            Assert.True(face.Box.IntersectionOverUnion(box) > 0.6, $"{preparation}: {face.Box} in place of {box}");
            Assert.True(Vector2.Distance(face.Points.LeftEye, wanted.Points.LeftEye) < 0.1f * box.Width, $"{preparation}");
            Assert.True(Vector2.Distance(face.Points.RightEye, wanted.Points.RightEye) < 0.1f * box.Width, $"{preparation}");
            Assert.True(
                Samples.Cosine(face.Embedding, wanted.Embedding) > 0.75, $"{preparation}: another template than that of the face");
        }
        // What is refused names the faces where they are, too.
        var error = Assert.Throws<AcquisitionException>(
            () => Pipeline.Extract(photo, new ExtractionRequest(FaceChoice.Only) { Preparation = new(Turn: 10) }));
        Assert.True(error.Faces.Max(found => found.IntersectionOverUnion(box)) > 0.6);
    }

    [Fact]
    public void A_curl_of_hair_that_passes_for_a_face_of_no_use_does_not_make_several()
    {
        var photo = File.ReadAllBytes(TestData.Require("london-faces/smiling/069.jpg"));
        var request = new ExtractionRequest(FaceChoice.Only) { MinQuality = FaceQuality.DefaultMinimum, PoorFaces = PoorFaces.Listed };
        var whole = Pipeline.Extract(photo, new(FaceChoice.Largest));
        Assert.True(whole.FacesFound > 1, "the detector finds one face, and there is nothing to leave out");

        var extraction = Pipeline.Extract(photo, request);

        Assert.Equal(whole.FacesFound, extraction.FacesFound);
        Assert.Equal(extraction.FacesFound, extraction.Faces.Count);
        Assert.Equal(whole.Faces[0].Embedding, extraction.Faces[0].Embedding);
        Assert.Null(extraction.Faces[0].Refusal);
        Assert.All(extraction.Faces.Skip(1), face => Assert.True(face is { Refusal: not null, Embedding.Length: 0 }));
        Assert.Single(Pipeline.Extract(photo, request with { PoorFaces = PoorFaces.Refused }).Faces);
    }

    [Fact]
    public void Pixels_are_shown_to_who_wants_them_and_the_image_is_decoded_once()
    {
        var decoder = new CountingDecoder();
        using var pipeline = new FacePipeline(ModelCatalog.Read(), options: new FacePipelineOptions(Decoder: decoder));
        var plain = Pipeline.Extract(Samples.Bytes(2), new(FaceChoice.Largest) { Quality = true });
        Extraction? shown = null;
        Image? pixels = null;
        var extraction = pipeline.Extract(Samples.Bytes(2), new(FaceChoice.Largest)
        {
            Quality = true,
            Show = (image, found) =>
            {
                (pixels, shown) = (image, found);
                using var again = ImageDecoder.Decode(Samples.Bytes(2));
                Assert.True(again.Row(image.Height / 2).SequenceEqual(image.Row(image.Height / 2)));
            },
        });
        Assert.Equal(1, decoder.Count);
        Assert.Equal(plain.Faces[0].Embedding, extraction.Faces[0].Embedding);
        Assert.Same(extraction.Faces, shown!.Faces);
        Assert.Throws<ObjectDisposedException>(() => pixels!.Row(0).Length);
    }

    [Fact]
    public void All_faces_of_a_photo_come_of_one_decoding_and_are_those_that_each_gives_by_itself()
    {
        var decoder = new CountingDecoder();
        using var pipeline = new FacePipeline(ModelCatalog.Read(), options: new FacePipelineOptions(Decoder: decoder));
        var photo = SideBySide(1, 6);
        var all = pipeline.Extract(photo, new(FaceChoice.All) { Quality = true });
        Assert.Equal(1, decoder.Count);
        Assert.True(all.Faces.Count >= 5, $"{all.Faces.Count} faces");
        Assert.Equal(all.FacesFound, all.Faces.Count);
        foreach (var face in all.Faces)
        {
            var alone = Pipeline.Extract(photo, new(FaceChoice.Nth(face.Number)) { Quality = true }).Faces[0];
            Assert.Equal((alone.Number, alone.Box, alone.Quality!.Overall), (face.Number, face.Box, face.Quality!.Overall));
            Assert.Equal(alone.Embedding, face.Embedding);
        }
    }

    private static byte[] SideBySide(int left, int right)
    {
        using var a = ImageDecoder.Decode(Samples.Bytes(left));
        using var b = ImageDecoder.Decode(Samples.Bytes(right));
        using var both = new Image(a.Width + b.Width, Math.Max(a.Height, b.Height));
        for (var y = 0; y < a.Height; y++)
            a.Row(y).CopyTo(both.Row(y));
        for (var y = 0; y < b.Height; y++)
            b.Row(y).CopyTo(both.Row(y)[(3 * a.Width)..]);
        return ImageEncoder.ToPng(both);
    }

    [Fact]
    public void Poor_faces_are_listed_without_an_embedding_or_refuse_the_image_as_asked()
    {
        var all = Pipeline.Extract(Samples.Bytes(1), new(FaceChoice.All) { Quality = true });
        var overall = all.Faces.Select(face => face.Quality!.Overall).Order().ToArray();
        var least = (overall[1] + overall[2]) / 2;
        var wanted = new ExtractionRequest(FaceChoice.All) { MinQuality = least };

        var listed = Pipeline.Extract(Samples.Bytes(1), wanted with { PoorFaces = PoorFaces.Listed });
        Assert.Equal(all.Faces.Count, listed.Faces.Count);
        Assert.Equal(2, listed.Faces.Count(face => face.Refusal is not null));
        foreach (var (face, plain) in listed.Faces.Zip(all.Faces))
        {
            var poor = plain.Quality!.Overall < least;
            Assert.Equal(poor ? [] : plain.Embedding, face.Embedding);
            Assert.Equal(poor, face.Refusal is not null);
            Assert.Equal(plain.Quality.Overall, face.Quality!.Overall);
        }
        listed.RequireOne();

        var refused = Assert.Throws<AcquisitionException>(() => Pipeline.Extract(Samples.Bytes(1), wanted));
        Assert.Equal(AcquisitionFailure.LowQuality, refused.Reason);
        Assert.True(refused.Quality!.Overall < least);
        var none = Pipeline.Extract(
            Samples.Bytes(1), new(FaceChoice.All) { MinQuality = 100, PoorFaces = PoorFaces.Listed });
        var error = Assert.Throws<AcquisitionException>(none.RequireOne);
        Assert.Equal((AcquisitionFailure.LowQuality, none.Faces[0].Refusal), (error.Reason, error.Message));
    }

    private sealed class CountingDecoder : IImageDecoder
    {
        private readonly InProcessImageDecoder _decoder = new();

        public int Count { get; private set; }

        public Image Decode(ReadOnlySpan<byte> bytes, ImageLimits limits, CancellationToken cancellationToken = default)
        {
            Count++;
            return _decoder.Decode(bytes, limits, cancellationToken);
        }
    }

    [Fact]
    public void The_nth_face_is_the_nth_of_all()
    {
        var all = Pipeline.Extract(Samples.Bytes(2), new(FaceChoice.All));
        var second = Pipeline.Extract(Samples.Bytes(2), new(FaceChoice.Nth(2)));
        Assert.Equal(all.Faces[1].Box, Assert.Single(second.Faces).Box);
        Assert.Equal(all.Faces[1].Embedding, second.Faces[0].Embedding);
    }

    [Fact]
    public void A_picture_without_a_face_has_no_face()
    {
        using var blank = new Image(300, 300);
        for (var y = 0; y < 300; y++)
            for (var x = 0; x < 300; x++)
                blank.Row(y).Slice(3 * x, 3).Fill((byte)((x + y) / 3));
        Assert.Equal(
            AcquisitionFailure.NoFace, Assert.Throws<AcquisitionException>(() => Pipeline.Extract(blank, new(FaceChoice.All))).Reason);
    }

    [Theory]
    [InlineData(1, 1), InlineData(2, 1), InlineData(1, 3), InlineData(1, 9000), InlineData(9000, 1)]
    public void Pictures_of_odd_sides_end_in_no_face(int width, int height)
    {
        using var image = new Image(width, height);
        Assert.Equal(
            AcquisitionFailure.NoFace, Assert.Throws<AcquisitionException>(() => Pipeline.Extract(image, new(FaceChoice.All))).Reason);
    }

    [Fact]
    public void The_eight_orientations_of_one_photo_give_the_same_template()
    {
        var upright = Samples.FaceJpeg(3, 300, 95);
        var expected = Pipeline.Extract(upright, new(FaceChoice.Largest)).Faces[0].Embedding;
        using var image = ImageDecoder.Decode(upright);
        for (var orientation = 1; orientation <= 8; orientation++)
        {
            var stored = Exif(ImageEncoder.ToJpeg(Unturn(image, orientation), 95), orientation);
            var found = Pipeline.Extract(stored, new(FaceChoice.Largest));
            Assert.Equal((300, 300), (found.Width, found.Height));
            Assert.True(
                Samples.Cosine(expected, found.Faces[0].Embedding) > 0.99,
                $"orientation {orientation}: {Samples.Cosine(expected, found.Faces[0].Embedding)}");
        }
    }

    [Theory]
    [InlineData("jpeg", 1), InlineData("jpeg", 6), InlineData("jpeg", 3), InlineData("png", 1), InlineData("ppm", 1)]
    public void Boxes_and_points_of_a_picture_held_scaled_down_are_those_of_the_original(string encoding, int orientation)
    {
        // 1600 × 1200, of which at most 500,000 pixels are held: a JPEG at 1:2, the others too.
        using var whole = OnCanvas(1600, 1200, 900, 500, out var expected);
        using var stored = Unturn(whole, orientation);
        var bytes = encoding switch
        {
            "png" => ImageEncoder.ToPng(stored),
            "ppm" => [.. System.Text.Encoding.ASCII.GetBytes($"P6 {stored.Width} {stored.Height} 255\n"), .. stored.Pixels],
            _ => Exif(ImageEncoder.ToJpeg(stored, 95), orientation),
        };
        using var held = ImageDecoder.Decode(bytes, new ImageLimits(MaxDecodedPixels: 500_000));
        Assert.Equal((800, 600), (held.Width, held.Height));
        AssertWhere(expected, held, 1600, 1200);
    }

    [Theory(Explicit = true)]
    [InlineData("jpeg"), InlineData("png")]
    public void A_face_of_a_picture_of_81_megapixels_is_found_where_it_is(string encoding)
    {
        using var whole = OnCanvas(10_400, 7_800, 6_003, 5_005, out var expected);
        using var held = ImageDecoder.Decode(encoding == "png" ? ImageEncoder.ToPng(whole) : ImageEncoder.ToJpeg(whole, 90));
        Assert.Equal(5_200, held.Width);
        AssertWhere(expected, held, 10_400, 7_800);
    }

    /// <summary>A grey picture with a sample face of 300 pixels at a place.</summary>
    private static Image OnCanvas(int width, int height, int left, int top, out ExtractedFace expected)
    {
        using var face = ImageDecoder.Decode(Samples.FaceJpeg(3, 300, 95));
        expected = Pipeline.Extract(face, new(FaceChoice.Largest)).Faces[0];
        var move = new Vector2(left, top);
        var five = expected.Points;
        expected = expected with
        {
            Box = expected.Box with { X = expected.Box.X + left, Y = expected.Box.Y + top },
            Points = new(five.LeftEye + move, five.RightEye + move, five.Nose + move, five.LeftMouth + move, five.RightMouth + move),
        };
        var canvas = new Image(width, height);
        canvas.Pixels.Fill(128);
        for (var y = 0; y < face.Height; y++)
            face.Row(y).CopyTo(canvas.Row(top + y)[(3 * left)..]);
        return canvas;
    }

    private static void AssertWhere(ExtractedFace expected, Image held, int width, int height)
    {
        var extraction = Pipeline.Extract(held, new(FaceChoice.Largest) { Quality = true });
        var found = extraction.Faces[0];
        Assert.Equal((width, height), (extraction.Width, extraction.Height));
        Assert.True(found.Box.IntersectionOverUnion(expected.Box) > 0.6, $"{found.Box} for {expected.Box}");
        var eyes = expected.Points.InterEyeDistance;
        foreach (var (a, b) in new[]
        {
            (expected.Points.LeftEye, found.Points.LeftEye), (expected.Points.RightEye, found.Points.RightEye),
            (expected.Points.RightMouth, found.Points.RightMouth),
        })
            Assert.True(Vector2.Distance(a, b) < 0.1f * eyes, $"{b} for {a}");
        Assert.True(Samples.Cosine(expected.Embedding, found.Embedding) > 0.8);
        // Quality is that of the pixels which were held, half as many a side.
        Assert.InRange(
            found.Quality!.Components.Single(component => component.Name == "InterEyeDistance").Value!.Value, 0.45 * eyes, 0.6 * eyes);
        // The other ways to the same face say the same place, and a crop of it shows the face.
        Assert.Equal(found.Box, Pipeline.Assess(held)[0].Face.Box);
        Assert.Equal(found.Box, Pipeline.Detect(held)[0].Box);
        using var crop = FaceCrop.Take(held, found.Box, 2, 250);
        Assert.True(Samples.Cosine(found.Embedding, Pipeline.Extract(crop, new(FaceChoice.Largest)).Faces[0].Embedding) > 0.8);
    }

    [Theory]
    [InlineData(3), InlineData(6), InlineData(8)]
    public void Faces_that_lie_on_their_side_are_found_and_stood_up(int orientation)
    {
        // On LFW 89 to 97 of 100 turned photos give the upright one's template; of these five at most one may fail.
        var alike = 0;
        foreach (var number in (int[])[2, 3, 4, 5, 6])
        {
            using var upright = ImageDecoder.Decode(Samples.FaceJpeg(number, 300, 95));
            var expected = Pipeline.Extract(upright, new(FaceChoice.Largest)).Faces[0];
            // No EXIF says how it lies.
            using var lying = Unturn(upright, orientation);
            var found = Pipeline.Extract(lying, new(FaceChoice.Largest)).Faces[0];
            if (Samples.Cosine(expected.Embedding, found.Embedding) < 0.97)
                continue;
            alike++;
            // The points are the lying picture's own.
            foreach (var (a, b) in new[]
            {
                (expected.Points.LeftEye, found.Points.LeftEye), (expected.Points.RightMouth, found.Points.RightMouth),
            })
            {
                var there = orientation switch
                {
                    3 => new Vector2(299 - a.X, 299 - a.Y),
                    6 => new Vector2(a.Y, 299 - a.X),
                    _ => new Vector2(299 - a.Y, a.X),
                };
                Assert.True(Vector2.Distance(there, b) < 0.2f * expected.Points.InterEyeDistance, $"{there} and {b}");
            }
        }
        Assert.True(alike >= 4, $"{alike} of 5");
    }

    /// <summary>What a camera would store so that this orientation shows <paramref name="upright"/>.</summary>
    private static Image Unturn(Image upright, int orientation)
    {
        var stored = orientation >= 5 ? new Image(upright.Height, upright.Width) : new Image(upright.Width, upright.Height);
        var (right, bottom) = (upright.Width - 1, upright.Height - 1);
        for (var row = 0; row < stored.Height; row++)
            for (var column = 0; column < stored.Width; column++)
            {
                var (x, y) = orientation switch
                {
                    2 => (right - column, row),
                    3 => (right - column, bottom - row),
                    4 => (column, bottom - row),
                    5 => (row, column),
                    6 => (right - row, column),
                    7 => (right - row, bottom - column),
                    8 => (row, bottom - column),
                    _ => (column, row),
                };
                upright.Row(y).Slice(3 * x, 3).CopyTo(stored.Row(row)[(3 * column)..]);
            }
        return stored;
    }

    /// <summary>Puts an APP1 segment with an EXIF orientation behind the start of a JPEG.</summary>
    private static byte[] Exif(byte[] jpeg, int orientation)
    {
        byte[] tiff = [(byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0];
        var segment = new byte[10 + tiff.Length];
        (segment[0], segment[1]) = (0xFF, 0xE1);
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(2), (ushort)(segment.Length - 2));
        "Exif\0\0"u8.CopyTo(segment.AsSpan(4));
        tiff.CopyTo(segment, 10);
        return [.. jpeg[..2], .. segment, .. jpeg[2..]];
    }

    [Fact]
    public void Callers_side_by_side_get_what_one_alone_gets()
    {
        var photos = Enumerable.Range(1, 6).Select(Samples.Bytes).ToArray();
        var alone = photos.Select(photo => Pipeline.Extract(photo, new(FaceChoice.All))).ToArray();
        Parallel.For(0, 48, i =>
        {
            var found = Pipeline.Extract(photos[i % 6], new(FaceChoice.All));
            Assert.Equal(alone[i % 6].Faces.Count, found.Faces.Count);
            for (var j = 0; j < found.Faces.Count; j++)
                Assert.Equal(alone[i % 6].Faces[j].Embedding, found.Faces[j].Embedding);
        });
    }

    [Fact]
    public void A_photo_costs_at_most_100_KB_of_managed_memory()
    {
        var photo = Samples.FaceJpeg(4);
        for (var i = 0; i < 5; i++)
            Pipeline.Extract(photo, new(FaceChoice.Largest));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 20; i++)
            Pipeline.Extract(photo, new(FaceChoice.Largest));
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 20, 1, 100 * 1024);
    }

    [Fact]
    public void Cancelling_before_the_start_does_nothing() =>
        Assert.Throws<OperationCanceledException>(
            () => Pipeline.Extract(Samples.Bytes(1), new(FaceChoice.All), new CancellationToken(true)));

    [Fact]
    public void The_mirror_average_is_close_to_the_plain_embedding_and_the_same_for_a_mirrored_photo()
    {
        using var averaging = new FacePipeline(ModelCatalog.Read(), options: new(MirrorAverage: true));
        using var image = ImageDecoder.Decode(Samples.FaceJpeg(5));
        var plain = Pipeline.Extract(image, new(FaceChoice.Largest)).Faces[0].Embedding;
        var averaged = averaging.Extract(image, new(FaceChoice.Largest)).Faces[0].Embedding;
        Assert.InRange(Samples.Cosine(plain, averaged), 0.9, 0.9999);
        using var mirrored = Unturn(image, 2);
        var other = averaging.Extract(mirrored, new(FaceChoice.Largest)).Faces[0].Embedding;
        Assert.True(Samples.Cosine(averaged, other) > Samples.Cosine(
            plain, Pipeline.Extract(mirrored, new(FaceChoice.Largest)).Faces[0].Embedding) - 0.005);
        Assert.True(Samples.Cosine(averaged, other) > 0.97);
    }

    [Fact]
    public void Aligned_points_land_near_the_reference()
    {
        var aligner = new FaceAligner(ModelCatalog.Read().Find(ModelCatalog.DefaultEmbedder, ModelTask.Embedding));
        foreach (var face in Pipeline.Extract(Samples.Bytes(6), new(FaceChoice.All)).Faces)
        {
            var toCrop = aligner.ToSource(face.Points).Inverse();
            // ArcFace's eyes: (38.3, 51.7) and (73.5, 51.5) of 112.
            Assert.True(Vector2.Distance(toCrop.Apply(face.Points.LeftEye), new(38.3f, 51.7f)) < 9);
            Assert.True(Vector2.Distance(toCrop.Apply(face.Points.RightEye), new(73.5f, 51.5f)) < 9);
        }
    }

    [Fact]
    public void Small_faces_of_a_large_photo_are_found_where_they_are()
    {
        // The sample photos as six small pictures on a wall of 12 megapixels: faces of 11 to 25 pixels between the eyes.
        using var wall = new Image(4000, 3000);
        wall.Pixels.Fill(90);
        var known = new List<BoundingBox>();
        for (var number = 1; number <= 6; number++)
        {
            using var photo = ImageDecoder.Decode(Samples.Bytes(number));
            using var small = Resampler.Reduce(photo, 4);
            var (left, top) = (137 + (number - 1) % 3 * 1200, 211 + (number - 1) / 3 * 1500);
            for (var y = 0; y < small.Height; y++)
                small.Row(y).CopyTo(wall.Row(top + y)[(3 * left)..]);
            known.AddRange(Samples.Pipeline.Detect(photo).Select(face => face.Box)
                .Select(box => new BoundingBox(left + box.X / 4, top + box.Y / 4, box.Width / 4, box.Height / 4)));
        }
        Assert.Equal(22, known.Count);
        var found = Samples.Pipeline.Detect(wall, TestContext.Current.CancellationToken);
        Assert.InRange(known.Count(box => found.Any(face => face.Box.IntersectionOverUnion(box) > 0.5f)), 20, 22);
        Assert.InRange(found.Count, 20, 24);
        Assert.Equal(found.Select(face => face.Box.Area).OrderDescending(), found.Select(face => face.Box.Area));
    }
}
