using System.Text;
using MatchEngine.Galleries.Consistency;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Rates.Calibrations;

namespace MatchEngine.Galleries.Tests.Consistency;

/// <summary>
/// Faces of one identity score 0.8 to 0.95 among themselves, and those of different ones lie about 0 with a standard deviation of 1/8.
/// </summary>
public class EnrolmentCheckTests
{
    [Fact]
    public async Task Of_photos_that_go_with_their_subject_no_more_look_like_another_than_the_limit_says()
    {
        using var test = Crowd(out var items);
        var report = await Enrol(test, items);
        Assert.Equal(2 * Population, report.Enrolled);
        // Everybody is somebody else: who looks alike does so by chance, and not more of them than twice the mean number.
        Assert.All(report.Warnings, warning => Assert.Equal("looks_like", warning.Reason));
        Assert.InRange(report.Warnings.Count, 0, 2 * 2 * Population * ConsistencyLimits.LooksLikeStrangers);
    }

    [Fact]
    public async Task A_photo_under_a_wrong_name_is_unlike_its_subject_and_looks_like_its_own()
    {
        using var test = Crowd(out var items);
        await Enrol(test, items);

        var report = await Enrol(test, [TestGallery.Item(Name(3), FakeImage.Of(new FakeFace(7, 9)))]);

        Assert.Equal(1, report.Enrolled);
        Assert.Equal(["inconsistent_subject", "looks_like"], report.Warnings.Select(warning => warning.Reason));
        Assert.Contains("does not look like the same person as any of 2 other photos", report.Warnings[0].Detail, StringComparison.Ordinal);
        Assert.Contains("1 of 100 pairs of different people", report.Warnings[0].Detail, StringComparison.Ordinal);
        Assert.Contains($"looks like subject '{Name(7)}' too", report.Warnings[1].Detail, StringComparison.Ordinal);
        Assert.Contains($"among the {Population - 1} other subjects", report.Warnings[1].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_photo_is_told_the_same_as_one_among_many()
    {
        using var test = Crowd(out var items);
        await Enrol(test, items);
        var photo = TestGallery.Item("twice", FakeImage.Of(new FakeFace(5, 9)));
        var check = Check(test);

        var alone = test.Gallery.Enrol(test.Extractor, photo, NoAudit.Next, new EnrolmentOptions { Check = check });

        Assert.Equal("looks_like", Assert.Single(alone.Warnings).Reason);
        // The same photo again is not new, and nothing is compared.
        Assert.Empty(test.Gallery.Enrol(test.Extractor, photo, NoAudit.Next, new EnrolmentOptions { Check = check }).Warnings);
    }

    [Fact]
    public async Task Who_is_linked_is_known_and_not_warned_of_and_a_gallery_of_comparisons_compares_with_nobody_else()
    {
        using var test = Crowd(out var items);
        await Enrol(test, [.. items, TestGallery.Item("twin", FakeImage.Of(new FakeFace(900, 1)))]);
        test.Gallery.Link("twin", new SubjectLink(Name(5), "twins", "test", DateTimeOffset.UnixEpoch), NoAudit.Record);
        Assert.Empty((await Enrol(test, [TestGallery.Item("twin", FakeImage.Salted("a", new FakeFace(900, 2)))])).Warnings);

        // The twin's second photo is the linked subject's face: unlike the twin's own, and no other subject is told.
        var linked = await Enrol(test, [TestGallery.Item("twin", FakeImage.Of(new FakeFace(5, 8)))]);
        Assert.Equal(["inconsistent_subject"], linked.Warnings.Select(warning => warning.Reason));

        var own = await Enrol(test, [TestGallery.Item(Name(3), FakeImage.Of(new FakeFace(7, 9)))], Check(test, amongOthers: false));
        Assert.Equal(["inconsistent_subject"], own.Warnings.Select(warning => warning.Reason));
    }

    [Fact]
    public async Task A_face_far_poorer_than_the_subjects_others_is_warned_of_and_a_good_one_never()
    {
        using var test = Crowd(out _);
        var report = await Enrol(
            test,
            [
                Rated("a", 1, 95), Rated("a", 2, 90), Rated("a", 3, 59), Rated("a", 4, 61),
                Rated("b", 1, 70), Rated("b", 2, 50), Rated("b", 3, 45),
            ]);

        var warning = Assert.Single(report.Warnings);
        Assert.Equal(("poor_beside_others", "memory:a"), (warning.Reason, warning.File));
        Assert.Contains("quality 59 where 90 is usual", warning.Detail, StringComparison.Ordinal);

        static EnrolmentItem Rated(string subject, int variation, int quality) => TestGallery.Item(
            subject,
            Encoding.UTF8.GetBytes(
                Encoding.UTF8.GetString(FakeImage.Of(new FakeFace(subject == "a" ? 801 : 802, variation))) + $"quality {quality}\n"));
    }

    [Fact]
    public async Task Without_calibrations_a_small_gallery_says_nothing_and_no_photo_is_unlike()
    {
        using var test = new TestGallery();
        var report = await test.Gallery.EnrolAsync(
            test.Extractor,
            new ListSource(
            [
                TestGallery.Item("a", FakeImage.Of(new FakeFace(1, 1))), TestGallery.Item("a", FakeImage.Of(new FakeFace(2, 1))),
                TestGallery.Item("b", FakeImage.Of(new FakeFace(1, 2))),
            ]),
            NoAudit.Next,
            new EnrolmentOptions { Check = new EnrolmentCheck(test.Gallery, ConsistencyLimits.Of(null), null) });
        Assert.Equal(3, report.Enrolled);
        Assert.Empty(report.Warnings);
    }

    [Fact]
    public async Task In_a_small_gallery_the_cards_rate_of_the_most_alike_says_what_chance_is()
    {
        using var test = new TestGallery(new FakeExtractor(calibrations: Calibrated(worst: 1e-5)));
        await Enrol(test, [TestGallery.Item("a", FakeImage.Of(new FakeFace(1, 1)))]);
        var same = await Enrol(test, [TestGallery.Item("b", FakeImage.Of(new FakeFace(1, 2)))]);
        Assert.Equal("looks_like", Assert.Single(same.Warnings).Reason);
        Assert.Contains("by pairs of people", same.Warnings[0].Detail, StringComparison.Ordinal);

        // Where one group's people are alike in one pair of a hundred, a score says nothing.
        using var alike = new TestGallery(new FakeExtractor("alike", Calibrated(worst: 1e-2)));
        await Enrol(alike, [TestGallery.Item("a", FakeImage.Of(new FakeFace(1, 1)))]);
        Assert.Empty((await Enrol(alike, [TestGallery.Item("b", FakeImage.Of(new FakeFace(1, 2)))])).Warnings);
    }

    [Fact]
    public async Task A_whole_gallery_is_told_the_same_and_linked_pairs_are_left_out()
    {
        using var test = Crowd(out var items);
        await test.EnrolAsync(
        [
            .. items,
            TestGallery.Item(Name(3), FakeImage.Of(new FakeFace(7, 9))),
            TestGallery.Item("again", FakeImage.Of(new FakeFace(11, 9))),
            TestGallery.Item("twin", FakeImage.Of(new FakeFace(12, 9))),
        ]);
        test.Gallery.Link(Name(12), new SubjectLink("twin", "twins", "test", DateTimeOffset.UnixEpoch), NoAudit.Record);
        var check = new ConsistencyCheck(test.Gallery, ConsistencyLimits.Of(test.Extractor.Model.Calibrations));

        var within = check.WithinSubjects(CancellationToken.None).ToList();
        var pairs = check.BetweenSubjects(0.6f, CancellationToken.None).SelectMany(page => page.Pairs).ToList();

        Assert.Equal(Population + 2, within.Count);
        var remark = Assert.Single(within.SelectMany(remarks => remarks));
        Assert.Equal((ConsistencyKind.InconsistentSubject, Name(3)), (remark.Kind, remark.Encounter.SubjectId));
        Assert.Equal(
            [(Name(3), Name(7)), (Name(11), "again")],
            pairs.Select(pair => (pair.First.Encounter.SubjectId, pair.Second.Encounter.SubjectId)).OrderBy(pair => pair.Item1));
    }

    [Fact]
    public async Task With_a_cancelled_check_what_was_stored_stays()
    {
        using var test = Crowd(out var items);
        using var source = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => test.Gallery.EnrolAsync(
            test.Extractor, new ListSource(items[..4]), NoAudit.Next,
            new EnrolmentOptions { Check = new Cancelling(source) }, cancellationToken: source.Token));
        Assert.Equal(4, test.Gallery.Summarize().Encounters);
    }

    private const int Population = 400;

    private static string Name(int identity) => $"S{identity:000}";

    /// <summary>A gallery and two photos each of enough people for it to tell what chance is.</summary>
    private static TestGallery Crowd(out EnrolmentItem[] items)
    {
        items =
        [
            .. from identity in Enumerable.Range(0, Population)
               from variation in new[] { 1, 2 }
               select TestGallery.Item(Name(identity), FakeImage.Of(new FakeFace(identity, variation))),
        ];
        return new TestGallery(new FakeExtractor(calibrations: Calibrated(worst: 1e-4)));
    }

    private static Task<EnrolmentReport> Enrol(TestGallery test, EnrolmentItem[] items, EnrolmentCheck? check = null) =>
        test.Gallery.EnrolAsync(
            test.Extractor, new ListSource(items), NoAudit.Next, new EnrolmentOptions { Check = check ?? Check(test) });

    private static EnrolmentCheck Check(TestGallery test, bool amongOthers = true) =>
        new(test.Gallery, ConsistencyLimits.Of(test.Extractor.Model.Calibrations), null) { AmongOthers = amongOthers };

    /// <summary>One pair of a hundred reaches 0.3, and of the worst group so many reach 0.7.</summary>
    private static CalibrationSet Calibrated(double worst) => new(
    [
        Curve(Restriction.RandomPairs, null, 1e-8),
        Curve(Restriction.WorstGroup, "X", worst),
    ]);

    private static Calibration Curve(Restriction restriction, string? group, double atSeven)
    {
        const long Comparisons = 10_000_000_000;
        return new Calibration(
            new Population("invented", restriction, group, 1000, Comparisons, null, []),
            [
                new CalibrationPoint(0, Comparisons / 2),
                new CalibrationPoint(0.3, Comparisons / 100),
                new CalibrationPoint(0.7, (long)(Comparisons * atSeven)),
                new CalibrationPoint(1, 0),
            ]);
    }

    private sealed class Cancelling(CancellationTokenSource source) : IEnrolmentCheck
    {
        public IReadOnlyList<EnrolmentWarning> Look(string image, IReadOnlyList<string> encounters, CancellationToken cancellationToken)
        {
            source.Cancel();
            cancellationToken.ThrowIfCancellationRequested();
            return [];
        }
    }
}
