using FsCheck.Fluent;
using MatchEngine.Tests;
using MatchEngine.Vectors.Exact;

namespace MatchEngine.Vectors.Tests.Exact;

public class RowMapTests
{
    [Fact]
    public void Any_sequence_of_changes_leaves_what_a_dictionary_holds() =>
        Prop.ForAll(ArbMap.Default.GeneratorFor<int>().ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var ids = new List<long>();
            var map = new RowMap(row => ids[(int)row]);
            var model = new Dictionary<long, uint>();
            var range = 1 + random.Next(400);
            for (var step = 0; step < 800; step++)
            {
                // Few different ids, of every size, so that they meet often.
                var id = random.Next(3) switch { 0 => random.Next(range), 1 => (long)random.Next(range) << 40, _ => -random.Next(range) };
                if (random.Next(5) < 2)
                {
                    Assert.Equal(model.Remove(id, out var expected), map.Remove(id, out var row));
                    if (row != uint.MaxValue)
                        Assert.Equal(expected, row);
                }
                else if (!model.ContainsKey(id))
                {
                    model.Add(id, (uint)ids.Count);
                    ids.Add(id);
                    map.Add(id, (uint)(ids.Count - 1));
                }
                else
                {
                    ids.Add(id);
                    model[id] = (uint)(ids.Count - 1);
                    map.Move(id, (uint)(ids.Count - 1));
                }
                Assert.Equal(model.Count, map.Count);
            }
            foreach (var id in ids.Append(12345678901))
            {
                Assert.Equal(model.TryGetValue(id, out var expected), map.TryGet(id, out var row));
                if (model.ContainsKey(id))
                    Assert.Equal(expected, row);
            }
        }).CheckSame(60);
}
