using MatchEngine.Interchange.FaceRecords;

namespace MatchEngine.Interchange.Tests.FaceRecords;

/// <summary>
/// Damaged records end in images that lie within the file, or in the room's own error, and cost memory in proportion to their size.
/// </summary>
public sealed class FaceFileFuzzTests(ITestOutputHelper output)
{
    public static TheoryData<string> Kinds => [.. Records.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Mutants_are_read_or_refused(string kind) => Fuzz(kind, 400, seed: 20261130);

    [Theory(Explicit = true)]
    [MemberData(nameof(Kinds))]
    public void Twenty_thousand_mutants_are_read_or_refused(string kind) => Fuzz(kind, 20_000, Environment.TickCount);

    private void Fuzz(string kind, int mutants, int seed)
    {
        var random = new Random(seed);
        var whole = Records.Make(kind, Records.First, Records.Second);
        var (read, refused, other) = (0, 0, 0);
        for (var i = 0; i < mutants; i++)
        {
            var mutant = Mutate(whole, random);
            if (!FaceFile.IsFaceFile(mutant))
            {
                other++;
                continue;
            }
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                using var file = FaceFile.Read(mutant);
                foreach (var number in (int?[])[null, 1, 2])
                    Assert.InRange(Taken(file, number), 0, mutant.Length);
                read++;
            }
            catch (InterchangeException)
            {
                refused++;
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"mutant {i} of seed {seed}: {error}", error);
            }
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
        }
        output.WriteLine($"{kind}: {read} read, {refused} refused, {other} of no known format, seed {seed}");
        // Most mutants of XML are no XML any more.
        Assert.True(read > mutants / 200 && refused + other > mutants / 50, $"{read} read, {refused} refused, {other} of no known format");
    }

    private static int Taken(FaceFile file, int? number)
    {
        try
        {
            return file.Take(number).Data.Length;
        }
        catch (InterchangeException)
        {
            return 0;
        }
    }

    private static byte[] Mutate(byte[] whole, Random random)
    {
        switch (random.Next(5))
        {
            case 0:
                return Mutants.BitsFlipped(whole, random);
            case 1:
                return Mutants.BytesDrawn(whole, 5, 8, 120, random);
            case 2:
                return Mutants.Extreme(whole, random);
            case 3: // a piece twice
                var from = random.Next(whole.Length - 1);
                var length = random.Next(1, whole.Length - from);
                return [.. whole[..(from + length)], .. whole[from..]];
            default:
                return Mutants.Cut(whole, random);
        }
    }
}
