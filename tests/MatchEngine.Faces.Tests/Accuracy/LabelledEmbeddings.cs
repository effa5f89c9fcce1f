using MatchEngine.Tests;

namespace MatchEngine.Faces.Tests.Accuracy;

/// <summary>The embeddings of a data set, made once for all tests of a class by the pipeline as it is shipped.</summary>
internal sealed class LabelledEmbeddings
{
    private LabelledEmbeddings(string[] images, string[] subjects, float[]?[] vectors, string[] failures) =>
        (Images, Subjects, Vectors, Failures) = (images, subjects, vectors, failures);

    /// <summary>Paths relative to the data set, in the order of its metadata.</summary>
    public string[] Images { get; }

    public string[] Subjects { get; }

    /// <summary>Null where no template could be made.</summary>
    public float[]?[] Vectors { get; }

    public string[] Failures { get; }

    public static LabelledEmbeddings Extract(string dataSet, FacePipeline pipeline, Func<string, bool>? wanted = null)
    {
        var folder = Path.GetDirectoryName(TestData.Require(dataSet + "/metadata.csv"))!;
        // Both sets' first two columns are image and subject, without quotes.
        var rows = File.ReadLines(Path.Combine(folder, "metadata.csv")).Skip(1).Select(line => line.Split(','))
            .Where(row => wanted is null || wanted(row[0])).ToArray();
        var vectors = new float[]?[rows.Length];
        var failures = new System.Collections.Concurrent.ConcurrentBag<string>();
        Parallel.For(0, rows.Length, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            try
            {
                // The labelled face of these sets is the one in the middle.
                vectors[i] = pipeline.Extract(
                    File.ReadAllBytes(Path.Combine(folder, rows[i][0])), new(FaceChoice.Central)).Faces[0].Embedding;
            }
            catch (AcquisitionException error)
            {
                failures.Add($"{rows[i][0]}: {error.Reason.ToCode()}");
            }
        });
        return new([.. rows.Select(row => row[0])], [.. rows.Select(row => row[1])], vectors, [.. failures.Order(StringComparer.Ordinal)]);
    }

    /// <summary>Cosine of two images' embeddings; the lowest score when one of them has none.</summary>
    public double Score(int a, int b) =>
        Vectors[a] is { } x && Vectors[b] is { } y ? System.Numerics.Tensors.TensorPrimitives.Dot(x, y) : -1;
}
