using MatchEngine.Vectors.Exact;

namespace MatchEngine.Vectors.Tests.Exact;

public unsafe class SegmentTests
{
    [Theory]
    [InlineData(16)]
    [InlineData(128)]
    [InlineData(512)]
    public void Bodies_start_on_a_cache_line(int dimension)
    {
        for (var capacity = 1; capacity < 20; capacity++)
            Assert.Equal(0u, (nuint)new Segment(dimension, capacity).Bodies % 64);
    }

    [Fact]
    public void Rows_are_published_one_by_one_and_read_back()
    {
        var random = new Random(31);
        var templates = Enumerable.Range(0, 10).Select(_ => Oracle.Random(random, 48)).ToArray();
        var segment = new Segment(48, 10);
        for (var i = 0; i < 10; i++)
        {
            Assert.False(segment.IsFull);
            Assert.Equal(i, segment.Append(100 + i, 200 + i, templates[i]));
            Assert.Equal(i + 1, segment.Published);
        }
        Assert.True(segment.IsFull);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal((100 + i, 200 + i, templates[i].Scale), (segment.Ids[i], segment.Subjects[i], segment.Scales[i]));
            Assert.Equal([.. templates[i].Body.ToArray().Select(q => (byte)(q + 128))], segment.Body(i).ToArray());
        }
    }

    [Fact]
    public void An_erased_row_leaves_no_trace_of_its_vector_and_its_neighbours_alone()
    {
        var random = new Random(32);
        var segment = new Segment(16, 3);
        for (var i = 0; i < 3; i++)
            segment.Append(i, i, Oracle.Random(random, 16));
        byte[] before = segment.Body(0).ToArray(), after = segment.Body(2).ToArray();

        segment.Erase(1);
        Assert.Equal([.. Enumerable.Repeat((byte)128, 16)], segment.Body(1).ToArray());
        Assert.Equal(before, segment.Body(0).ToArray());
        Assert.Equal(after, segment.Body(2).ToArray());
        Assert.Equal([false, true, false], Enumerable.Range(0, 3).Select(segment.IsErased));
        Assert.Equal((3, 1, 2), (segment.Published, segment.Erased, segment.Living));
    }
}
