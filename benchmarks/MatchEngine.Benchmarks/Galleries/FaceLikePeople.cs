using MatchEngine.Galleries.Enrolment;

namespace MatchEngine.Benchmarks.Galleries;

/// <summary>People by number, one photo each, for <see cref="FaceLikeExtractor"/>.</summary>
internal sealed class FaceLikePeople(int count) : IEnrolmentSource
{
    public static string Name(int number) => $"S{number:0000000}";

    public IEnumerable<EnrolmentEntry> Read(CancellationToken cancellationToken = default) =>
        Enumerable.Range(0, count).Select(number => new EnrolmentItem
        {
            Image = Name(number),
            Subject = Name(number),
            Content = BitConverter.GetBytes(number),
            Metadata = new Dictionary<string, string> { ["name"] = $"Somebody {number}", ["born"] = "1980-01-01" },
        });
}
