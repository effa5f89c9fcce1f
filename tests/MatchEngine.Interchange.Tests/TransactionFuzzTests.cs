using System.Reflection;
using MatchEngine.Interchange.Records;
using MatchEngine.Interchange.Searches;
using MatchEngine.Interchange.Validation;

namespace MatchEngine.Interchange.Tests;

/// <summary>
/// Damaged files must end in records and findings or in the room's own error, keep every byte, and cost memory in proportion to their size.
/// </summary>
public sealed class TransactionFuzzTests
{
    private static readonly PropertyInfo[] ImageProperties = typeof(Type10Record).GetProperties();
    private static readonly PropertyInfo[] HeaderProperties = typeof(Type1Record).GetProperties();

    /// <summary>A file with a binary record between text and image, and an answer of ours with crops.</summary>
    private static byte[] Whole(string file) => file switch
    {
        "binary" => Samples.Join(
            Samples.Text(
                "1.001:142|1.002:0502|1.003:1_3^2_00^4_01^10_02|1.004:FRS|1.005:20261122|1.007:D|1.008:O|1.009:T"
                    + "|1.011:19.69|1.012:19.69|1.014:20261122083000Z$"),
            Samples.Text("2.001:28|2.002:00|2.003:xyz$"),
            [0, 0, 0, 200, 1, .. Enumerable.Range(0, 195).Select(i => (byte)i)],
            TypeTen()),
        "response" => new CandidateResponse
        {
            SearchId = "s", Gallery = "g", Model = "m", GallerySize = 10, ListLength = 20, DisclaimerVersion = "1", Disclaimer = "d",
            Candidates =
            [
                new() { Rank = 1, SubjectId = "Zoë", Score = 0.5, Crop = Samples.Face() },
                new() { Rank = 2, SubjectId = "B", Score = 0.25, Crop = Samples.Face() },
            ],
        }.Write(Samples.Header()),
        _ => Samples.Bytes(file),
    };

    private static byte[] TypeTen() =>
        [.. Transaction.Read(Samples.Header().Add(Samples.Face().ToRecord(2)).ToBytes()).Images.Single().Bytes.Span];

    [Fact]
    public void The_samples_of_our_own_are_sound()
    {
        Assert.Equal([1, 2, 4, 10], Transaction.Read(Whole("binary")).Records.Select(record => record.Type));
        Assert.Empty(TransactionValidator.Validate(Transaction.Read(Whole("binary"))));
        Assert.Empty(TransactionValidator.Validate(Transaction.Read(Whole("response"))));
    }

    [Theory]
    [InlineData("binary"), InlineData("response")]
    [MemberData(nameof(Samples.Files), MemberType = typeof(Samples))]
    public void Mutants_are_read_or_refused(string file) => Fuzz(file, 400, seed: 20261122);

    [Theory(Explicit = true)]
    [InlineData("binary"), InlineData("response")]
    [MemberData(nameof(Samples.Files), MemberType = typeof(Samples))]
    public void Twenty_thousand_mutants_are_read_or_refused(string file) => Fuzz(file, 20_000, Environment.TickCount);

    private static void Fuzz(string file, int mutants, int seed)
    {
        var random = new Random(seed);
        var whole = Whole(file);
        // Where lengths, tags and counts live: all but the images.
        var places = Enumerable.Range(0, whole.Length).ToList();
        foreach (var record in Transaction.Read(whole).Records.OfType<TaggedRecord>())
            if (record.Find(999) is { IsData: true } field && field.Value.Span.Overlaps(whole, out var offset))
                places.RemoveRange(places.BinarySearch(-offset), field.Value.Length);
        var (read, clean, refused) = (0, 0, 0);
        for (var i = 0; i < mutants; i++)
        {
            var mutant = Mutate(whole, places, random);
            try
            {
                clean += Examine(mutant) ? 1 : 0;
                read++;
            }
            catch (InterchangeException)
            {
                refused++;
            }
            catch (Exception error)
            {
                Assert.Fail($"mutant {i} of seed {seed}: {error}");
            }
        }
        // All ends must be reached, or the mutations are too tame or too wild to test anything.
        Assert.True(
            read > mutants / 2 && refused > 0 && clean > 0 && clean < read,
            $"{read} read, {clean} of them without a finding of the reader, {refused} refused");
    }

    /// <summary>Reads everything there is to read; whether the reader had nothing to report.</summary>
    private static bool Examine(byte[] mutant)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var transaction = Transaction.Read(mutant);
        var findings = TransactionValidator.Validate(transaction);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < 100L * mutant.Length + (1 << 20), $"{allocated} bytes for a file of {mutant.Length}");
        Assert.True(findings.Count >= transaction.ReadingFindings.Count);
        Assert.All(findings, finding => Assert.True(finding.Problem.Length is > 0 and < 400));
        Assert.True(mutant.AsSpan().SequenceEqual(transaction.ToBytes()));
        foreach (var property in HeaderProperties)
            property.GetValue(transaction.Header);
        foreach (var image in transaction.Images)
            foreach (var property in ImageProperties)
                property.GetValue(image);
        try
        {
            var search = SearchSubmission.From(transaction);
            if (search.Image.IsRaw)
                search.Image.WriteNetpbm(new byte[search.Image.NetpbmLength]);
        }
        catch (InterchangeException)
        {
        }
        try
        {
            CandidateResponse.Read(transaction);
        }
        catch (InterchangeException)
        {
        }
        return transaction.ReadingFindings.Count == 0;
    }

    private static byte[] Mutate(byte[] whole, List<int> places, Random random)
    {
        var mutant = (byte[])whole.Clone();
        int Place() => places[random.Next(4) == 0 ? random.Next(Math.Min(400, places.Count)) : random.Next(places.Count)];
        switch (random.Next(7))
        {
            case 0:
                return Mutants.BitsFlipped(whole, random);
            case 1: // bytes of the text
                for (var n = random.Next(1, 8); n > 0; n--)
                    mutant[Place()] = (byte)random.Next(256);
                return mutant;
            case 2: // digits, so that lengths and counts stay numbers
                for (var n = random.Next(1, 4); n > 0; n--)
                {
                    var at = Place();
                    if (char.IsAsciiDigit((char)mutant[at]))
                        mutant[at] = (byte)('0' + random.Next(10));
                }
                return mutant;
            case 3: // separators where none were
                for (var n = random.Next(1, 6); n > 0; n--)
                    mutant[Place()] = (byte)random.Next(0x1C, 0x20);
                return mutant;
            case 4: // a piece copied elsewhere
                var length = random.Next(1, Math.Min(200, mutant.Length / 2));
                mutant.AsSpan(Math.Min(Place(), mutant.Length - length), length).CopyTo(
                    mutant.AsSpan(Math.Min(Place(), mutant.Length - length)));
                return mutant;
            case 5: // cut
                return mutant[..random.Next(mutant.Length)];
            default: // a piece taken out
                var from = Place();
                return [.. mutant[..from], .. mutant[Math.Min(mutant.Length, from + random.Next(1, 300))..]];
        }
    }
}
