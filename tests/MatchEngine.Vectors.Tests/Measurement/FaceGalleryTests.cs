using MatchEngine.Vectors.Measurement;

namespace MatchEngine.Vectors.Tests.Measurement;

public class FaceGalleryTests
{
    [Fact]
    public void The_exhaustive_lists_do_not_depend_on_the_parts_in_which_they_are_made()
    {
        var whole = FaceGallery.Generate(2000, 70, 64, seed: 4, cancellationToken: TestContext.Current.CancellationToken);
        // 333 is odd, so that parts divide subjects; the last part holds two templates.
        var shares = new Shares();
        var parts = FaceGallery.Generate(2000, 70, 64, seed: 4, part: 333, shares, TestContext.Current.CancellationToken);

        for (var i = 0; i < 70; i++)
        {
            Assert.Equal(20, parts.Truth[i].Hits.Count);
            Assert.Equal(whole.Truth[i].Hits, parts.Truth[i].Hits);
            Assert.Equal(2000, parts.Truth[i].Compared);
        }
        Assert.All(shares.Told, share => Assert.InRange(share, 0, 1));
        Assert.True(shares.Told.Max() > 0.9);
    }

    [Fact]
    public void A_gallery_that_resembles_another_has_its_people_with_as_many_encounters_and_other_faces()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            var faces = new FaceLikeVectors(64, 9);
            (int Subject, int Encounter)[] photos =
                [(0, 0), (0, 1), (0, 2), (1, 0), (2, 0), (2, 1), .. Enumerable.Range(3, 30).Select(subject => (subject, 0))];
            var file = Path.Combine(folder, "embeddings.tsv");
            string Base64(int subject, int encounter) =>
                Convert.ToBase64String(System.Runtime.InteropServices.MemoryMarshal.AsBytes(faces.Encounter(subject, encounter).AsSpan()));
            File.WriteAllLines(file, photos.Select(photo =>
                $"images/person{photo.Subject}/{photo.Encounter}.jpg\t{Base64(photo.Subject, photo.Encounter)}"));
            var real = FaceGallery.Read(file, TestContext.Current.CancellationToken);

            var like = FaceGallery.Resembling(real, seed: 1, TestContext.Current.CancellationToken);

            Assert.Equal([0, 0, 1, 2, .. Enumerable.Range(3, 30)], real.Subjects);
            Assert.Equal([0, 2], real.ProbeSubjects);
            Assert.Equal(real.Subjects, like.Subjects);
            Assert.Equal(real.ProbeSubjects, like.ProbeSubjects);
            // Nobody's encounter is used twice, as template and as probe.
            Assert.Equal(like.Templates.Count + like.Probes.Count, like.Templates.Concat(like.Probes)
                .Select(template => Convert.ToBase64String(System.Runtime.InteropServices.MemoryMarshal.AsBytes(template.Body)))
                .Distinct().Count());
            Assert.True(like.Truth[0].Hits[0].Subject == 0 && like.Truth[0].Hits[0].Score > 0.3);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private sealed class Shares : IProgress<double>
    {
        private readonly List<double> _told = [];

        public IReadOnlyList<double> Told => _told;

        public void Report(double value)
        {
            lock (_told)
                _told.Add(value);
        }
    }
}
