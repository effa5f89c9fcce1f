using FsCheck.Fluent;
using MatchEngine.Tests;
using MatchEngine.Vectors.Exact;
using MatchEngine.Vectors.Measurement;

namespace MatchEngine.Vectors.Tests;

public class TemplateTests
{
    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Quantisation_stays_within_its_bound(int dimension)
    {
        var faces = new FaceLikeVectors(dimension, seed: 3);
        var worst = 0.0;
        for (var i = 0; i < 300; i++)
        {
            float[] x = faces.Encounter(i, 0), y = faces.Encounter(i / 2, 1);
            var score = Template.Similarity(
                Template.FromEmbedding(x, Oracle.Model, keepFloat16: false), Template.FromEmbedding(y, Oracle.Model, keepFloat16: false));
            var error = Math.Abs(score - Cosine(x, y));
            Assert.InRange(error, 0, AngleBound(x) + AngleBound(y) + 1e-6);
            worst = Math.Max(worst, error);
        }
        Assert.InRange(worst, 1e-7, 0.004); // Not zero: then nothing was quantised.
    }

    [Fact]
    public void Quantisation_stays_within_its_bound_for_any_vector()
    {
        var vectors = ArbMap.Default.GeneratorFor<int>().Select(seed =>
        {
            // From one large element among tiny ones to even ones, at any magnitude that a float has.
            var random = new Random(seed);
            var power = random.Next(0, 12);
            var magnitude = Math.Pow(10, random.Next(-30, 30));
            return Enumerable.Range(0, 64)
                .Select(_ => (float)(magnitude * Math.Pow((2 * random.NextDouble()) - 1, (2 * power) + 1))).ToArray();
        });
        Prop.ForAll(Gen.Two(vectors).ToArbitrary(), pair =>
        {
            var (x, y) = pair;
            var score = Template.Similarity(
                Template.FromEmbedding(x, Oracle.Model, keepFloat16: false), Template.FromEmbedding(y, Oracle.Model, keepFloat16: false));
            return Math.Abs(score - Cosine(x, y)) <= AngleBound(x) + AngleBound(y) + 1e-6;
        }).CheckSame(500);
    }

    [Fact]
    public void A_template_scores_one_with_itself_and_minus_one_with_its_opposite()
    {
        var random = new Random(5);
        for (var i = 0; i < 200; i++)
        {
            var x = Enumerable.Range(0, 16 * (1 + (i % 40))).Select(_ => (float)random.NextDouble() - 0.5f).ToArray();
            var template = Template.FromEmbedding(x, Oracle.Model);
            var opposite = Template.FromEmbedding(Array.ConvertAll(x, v => -v), Oracle.Model);
            Assert.InRange(Template.Similarity(template, template), 1 - 3e-7f, 1);
            Assert.InRange(Template.Similarity(template, opposite), -1, -1 + 3e-7f);
        }
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void The_score_of_a_pair_is_the_one_that_an_index_lists(bool probeHasCopy, bool templateHasCopy)
    {
        var faces = new FaceLikeVectors(512, seed: 4);
        for (var i = 0; i < 100; i++)
        {
            var probe = Template.FromEmbedding(faces.Encounter(i, 0), Oracle.Model, probeHasCopy);
            var template = Template.FromEmbedding(faces.Encounter(i / 2, 1), Oracle.Model, templateHasCopy);
            var index = new ExactIndex(Oracle.Model, 512);
            index.Add(1, 1, template);
            Assert.Equal(index.Search(probe).Hits[0].Score, Template.Similarity(probe, template));
            Assert.Equal(Template.Similarity(template, probe), Template.Similarity(probe, template));
            if (probeHasCopy && templateHasCopy)
                Assert.Equal(Cosine(faces.Encounter(i, 0), faces.Encounter(i / 2, 1)), Template.Similarity(probe, template), 2e-4);
        }
    }

    [Fact]
    public void Similarity_is_symmetric_and_independent_of_length()
    {
        var random = new Random(6);
        for (var i = 0; i < 100; i++)
        {
            Template a = Oracle.Random(random, 128), b = Oracle.Random(random, 128);
            Assert.Equal(Template.Similarity(a, b), Template.Similarity(b, a));
            Assert.Equal(Oracle.Score(a, b), Template.Similarity(a, b));
            Assert.Equal(Oracle.Cosine(a, b), Template.Similarity(a, b), 1e-6);
        }
        var x = Enumerable.Range(0, 64).Select(_ => (float)random.NextDouble() - 0.5f).ToArray();
        Assert.Equal(
            Template.FromEmbedding(x, Oracle.Model).Body, Template.FromEmbedding(Array.ConvertAll(x, v => v * 1024), Oracle.Model).Body);
    }

    [Theory]
    [InlineData(1e-45f)]
    [InlineData(1e-40f)]
    [InlineData(float.MaxValue)]
    public void Extreme_magnitudes_keep_their_direction(float magnitude)
    {
        var x = new float[32];
        x[3] = magnitude;
        x[4] = -magnitude;
        var template = Template.FromEmbedding(x, Oracle.Model);
        Assert.Equal(127, template.Body[3]);
        Assert.Equal(-127, template.Body[4]);
        Assert.Equal((Half)Math.Sqrt(0.5), template.Float16[3]);
        Assert.Equal(1 / (127 * Math.Sqrt(2)), template.Scale, 1e-9);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void An_element_that_is_not_finite_is_refused(float element)
    {
        for (var i = 0; i < 16; i++)
        {
            var x = new float[16];
            x[0] = 1;
            x[i] = element;
            Assert.Contains(
                $"element {i}",
                Assert.Throws<ArgumentException>(() => Template.FromEmbedding(x, Oracle.Model)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_zero_vector_is_refused() =>
        Assert.Contains(
            "zero", Assert.Throws<ArgumentException>(() => Template.FromEmbedding(new float[128], Oracle.Model)).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(17)]
    [InlineData(500)]
    [InlineData(4112)]
    public void An_unsupported_dimension_is_refused(int dimension) =>
        Assert.Contains(
            "multiple of 16", Assert.Throws<ArgumentException>(() => Template.FromEmbedding(Ones(dimension), Oracle.Model)).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData(16)]
    [InlineData(128)]
    [InlineData(512)]
    [InlineData(4096)]
    public void Supported_dimensions_are_accepted(int dimension) =>
        Assert.Equal(dimension, Template.FromEmbedding(Ones(dimension), Oracle.Model).Dimension);

    [Fact]
    public void The_float16_copy_is_the_unit_vector_or_absent()
    {
        var x = new FaceLikeVectors(512, seed: 3).Encounter(1, 0);
        var norm = Math.Sqrt(x.Sum(v => (double)v * v));
        var template = Template.FromEmbedding(x, Oracle.Model);
        Assert.True(template.HasFloat16);
        for (var i = 0; i < x.Length; i++)
            Assert.Equal(x[i] / norm, (double)template.Float16[i], 1.0 / 4096);

        var without = Template.FromEmbedding(x, Oracle.Model, keepFloat16: false);
        Assert.False(without.HasFloat16);
        Assert.True(without.Float16.IsEmpty);
    }

    [Fact]
    public void Templates_of_different_models_or_dimensions_are_not_compared()
    {
        var a = Template.FromEmbedding(Ones(16), Oracle.Model);
        var mismatch = Assert.Throws<ModelMismatchException>(
            () => Template.Similarity(a, Template.FromEmbedding(Ones(16), Oracle.OtherModel)));
        Assert.Equal(Oracle.Model, mismatch.Expected);
        Assert.Equal(Oracle.OtherModel, mismatch.Actual);
        Assert.Contains(Oracle.OtherModel.ToString(), mismatch.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Template.Similarity(a, Template.FromEmbedding(Ones(32), Oracle.Model)));
    }

    [Fact]
    public void An_erased_template_holds_nothing_and_says_so()
    {
        var template = Template.FromEmbedding(Ones(16), Oracle.Model);
        var other = Template.FromEmbedding(Ones(16), Oracle.Model);
        var body = System.Runtime.InteropServices.MemoryMarshal.AsMemory(new ReadOnlyMemory<sbyte>(ArrayOf(template)));
        template.Erase();
        template.Erase();
        Assert.False(body.Span.ContainsAnyExcept((sbyte)0));
        Assert.Throws<ObjectDisposedException>(() => template.Body.Length);
        Assert.Throws<ObjectDisposedException>(() => template.Float16.Length);
        Assert.Throws<ObjectDisposedException>(() => template.ToBytes());
        Assert.Throws<ObjectDisposedException>(() => Template.Similarity(other, template));
    }

    private static sbyte[] ArrayOf(Template template) =>
        (sbyte[])typeof(Template).GetField(
            "_body", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!.GetValue(template)!;

    private static float[] Ones(int dimension) => [.. Enumerable.Repeat(1f, dimension)];

    private static double AngleBound(float[] x) =>
        Math.Asin(Math.Min(1, 0.5 * Math.Sqrt(x.Length) * x.Max(v => Math.Abs((double)v)) / Math.Sqrt(x.Sum(v => (double)v * v)) / 127));

    private static double Cosine(float[] a, float[] b)
    {
        double dot = 0, aa = 0, bb = 0;
        for (var i = 0; i < a.Length; i++)
        {
            dot += (double)a[i] * b[i];
            aa += (double)a[i] * a[i];
            bb += (double)b[i] * b[i];
        }
        return dot / Math.Sqrt(aa) / Math.Sqrt(bb);
    }
}
