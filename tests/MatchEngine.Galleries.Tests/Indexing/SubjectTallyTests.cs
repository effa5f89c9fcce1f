using MatchEngine.Galleries.Indexing;
using MatchEngine.Rates.Tails;
using MatchEngine.Vectors;
using MatchEngine.Vectors.Exact;
using MatchEngine.Vectors.Measurement;

namespace MatchEngine.Galleries.Tests.Indexing;

public class SubjectTallyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Estimates_by_sketches_say_what_scores_in_full_say(int templates)
    {
        const int Subjects = 8000;
        var model = ModelDigest.Parse(new string('a', 64));
        var faces = new FaceLikeVectors(512, seed: 51);
        var gallery = new Template[Subjects * templates];
        Parallel.For(0, gallery.Length, id => gallery[id] = Template.FromEmbedding(faces.Encounter(id / templates, id % templates), model));
        var index = new ExactIndex(model, 512, new ExactIndexOptions { TrainInBackground = false });
        for (var id = 0; id < gallery.Length; id++)
            index.Add(id, id / templates, gallery[id]);
        // Half of the people are enrolled.
        Template[] probes = [.. Enumerable.Range(0, 40).Select(
            i => Template.FromEmbedding(faces.Encounter(i % 2 == 0 ? i : Subjects + i, 9), model))];

        var exact = Fits(index, probes, IndexAnswer.Exact);
        index.TrainSketches();
        var estimated = Fits(index, probes, IndexAnswer.ExactSketch);

        // Floors that leave a stranger in ten searches, one, and ten a search. Whether the best one is a stranger is for the fit to weigh,
        // and where that hangs in the balance two measures of one search may differ: hence the few that may.
        foreach (var strangers in new[] { 0.1, 1, 10 })
        {
            var floors = exact.Zip(estimated, (full, sketched) =>
                sketched.FloorForStrangers(strangers)!.Value - full.FloorForStrangers(strangers)!.Value).Order().ToList();
            Assert.InRange(floors[floors.Count / 2], -0.01, 0.01);
            Assert.InRange(floors.Count(difference => Math.Abs(difference) < 0.03), 37, 40);
        }
    }

    private static List<TailFit> Fits(ExactIndex index, Template[] probes, string path) =>
    [
        .. index.SearchBatch(probes, tally: SubjectTally.Request(20)).Select(answer =>
        {
            Assert.Equal(path, answer.Path);
            Assert.Equal(8000, answer.Tally!.Subjects);
            return TailFit.Of(SubjectTally.Summary(answer.Tally, possibleMates: 1), "everybody");
        }),
    ];
}
