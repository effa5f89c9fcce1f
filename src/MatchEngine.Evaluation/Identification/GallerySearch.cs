using System.Runtime.InteropServices;
using MatchEngine.Evaluation.CrossComparison;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Protocols;

namespace MatchEngine.Evaluation.Identification;

/// <summary>Searches a gallery of embeddings exhaustively, and smaller galleries nested in it in the same pass.</summary>
public static class GallerySearch
{
    // Probes that one task works through: their scores with the whole gallery are held at once.
    private const int BlockRows = 32;

    /// <summary>How many candidates of each search are kept.</summary>
    public const int KeptCandidates = 50;

    /// <summary>Draws up gallery and probes as a plan says and runs all searches.</summary>
    /// <param name="embeddings">One embedding a photo, of length 1.</param>
    /// <param name="images">Their subjects and labels.</param>
    /// <param name="plan">Gallery and probes.</param>
    /// <param name="faults">Takes photos that are wanted and have neither an embedding nor a reason why there is none.</param>
    /// <param name="progress">Told the share of searches that are done.</param>
    /// <param name="cancellationToken">Looked at in every block of probes.</param>
    /// <returns>One set of searches for each gallery size, rising; the last is the whole gallery.</returns>
    /// <exception cref="EvaluationException">Nobody can be enrolled, or there are no probes.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static IReadOnlyList<SearchSet> Run(
        EmbeddingSet embeddings, DataSet images, IdentificationPlan plan, InputFaults faults, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        var cast = SearchCast.Of(embeddings, images, plan, faults);
        AllPairs.CheckLengths(embeddings, [.. cast.GalleryRows, .. cast.Probes.Where(p => p.Row >= 0).Select(p => p.Row)]);
        var sizes = plan.GallerySizes.Where(n => n < cast.Enrolled.Length).Distinct().Order().Append(cast.Enrolled.Length).ToArray();
        using var gallery = new PackedEmbeddings(embeddings, cast.GalleryRows);
        using var probes = new PackedEmbeddings(embeddings, [.. cast.Probes.Where(p => p.Row >= 0).Select(p => p.Row)]);
        var searched = cast.Probes.Where(p => p.Row >= 0).ToArray();
        var outcomes = new Search[sizes.Length][];
        for (var n = 0; n < sizes.Length; n++)
            outcomes[n] = new Search[searched.Length];
        var done = 0;
        var blocks = (searched.Length + BlockRows - 1) / BlockRows;
        Parallel.For(
            0,
            blocks,
            new ParallelOptions { CancellationToken = cancellationToken },
            () => new Worker(gallery, probes, cast, sizes),
            (block, _, worker) =>
            {
                worker.Search(block * BlockRows, searched, outcomes);
                progress?.Report((double)Interlocked.Increment(ref done) / blocks);
                return worker;
            },
            worker => worker.Dispose());

        return [.. sizes.Select((size, n) =>
        {
            var all = new List<Search>();
            var next = 0;
            foreach (var probe in cast.Probes)
            {
                var found = probe.Row >= 0 ? outcomes[n][next++] : new Search
                {
                    Probe = images.Images[probe.Photo],
                    Photo = probe.Photo,
                    Subject = images.SubjectOf[probe.Photo],
                    IsMated = probe.IsMated,
                    HasFailed = true,
                };
                // The non-mated searches are the same for all sizes.
                // A subject that could not be enrolled counts for the whole gallery only.
                var isPart = !probe.IsMated || (cast.PlaceOf.TryGetValue(images.SubjectOf[probe.Photo], out var place)
                    ? place < size
                    : size == cast.Enrolled.Length);
                if (isPart)
                    all.Add(found);
            }
            return new SearchSet(size, [.. all.OrderBy(s => s.Probe, StringComparer.Ordinal)])
            {
                Images = images,
                EnrolledPhotos = cast.FirstPhotoOf[size],
                FailedEnrolments = n == sizes.Length - 1 ? cast.FailedEnrolments : 0,
                Tried = cast.Tried,
                AcquisitionFaults = cast.AcquisitionFaults,
                LeftOut = cast.LeftOut,
            };
        })];
    }

    private sealed unsafe class Worker : IDisposable
    {
        private readonly PackedEmbeddings _gallery;
        private readonly PackedEmbeddings _probes;
        private readonly SearchCast _cast;
        private readonly int[] _sizes;
        private readonly float* _rows;
        private readonly float* _tile;
        private readonly float[] _scores;
        private readonly float[] _best;

        public Worker(PackedEmbeddings gallery, PackedEmbeddings probes, SearchCast cast, int[] sizes)
        {
            (_gallery, _probes, _cast, _sizes) = (gallery, probes, cast, sizes);
            _rows = (float*)NativeMemory.AlignedAlloc((nuint)(BlockRows * gallery.Dimension) * sizeof(float), 64);
            _tile = (float*)NativeMemory.AlignedAlloc(ScoreKernel.Rows * ScoreKernel.Columns * sizeof(float), 64);
            _scores = new float[(long)BlockRows * gallery.Panels * ScoreKernel.Columns];
            _best = new float[cast.Enrolled.Length];
        }

        public void Search(int start, SearchCast.Probe[] searched, Search[][] outcomes)
        {
            var end = Math.Min(start + BlockRows, searched.Length);
            var width = _gallery.Panels * ScoreKernel.Columns;
            for (var row = start; row < end; row += ScoreKernel.Rows)
                _probes.CopyRows(row, _rows + (nint)(row - start) * _gallery.Dimension);
            for (var panel = 0; panel < _gallery.Panels; panel++)
            {
                for (var row = start; row < end; row += ScoreKernel.Rows)
                {
                    ScoreKernel.Tile(_rows + (nint)(row - start) * _gallery.Dimension, _gallery.Panel(panel), _gallery.Dimension, _tile);
                    for (var r = 0; r < ScoreKernel.Rows && row + r < end; r++)
                        new ReadOnlySpan<float>(_tile + r * ScoreKernel.Columns, ScoreKernel.Columns).CopyTo(
                            _scores.AsSpan((row - start + r) * width + panel * ScoreKernel.Columns));
                }
            }
            var scaled = _gallery.AreScaled || _probes.AreScaled;
            for (var row = start; row < end; row++)
            {
                var scores = _scores.AsSpan((row - start) * width, width);
                for (var place = 0; place < _best.Length; place++)
                {
                    var best = float.NegativeInfinity;
                    for (var c = _cast.FirstPhotoOf[place]; c < _cast.FirstPhotoOf[place + 1]; c++)
                        best = Math.Max(best, scaled ? scores[c] * (_probes.Scales[row] * _gallery.Scales[c]) : scores[c]);
                    _best[place] = best;
                }
                Judge(searched[row], row, outcomes);
            }
        }

        private void Judge(SearchCast.Probe probe, int row, Search[][] outcomes)
        {
            var images = _cast.Images;
            var subject = images.SubjectOf[probe.Photo];
            var mate = probe.IsMated ? _cast.PlaceOf.GetValueOrDefault(subject, -1) : -1;
            var (above, highest) = (0, double.NegativeInfinity);
            var place = 0;
            for (var n = 0; n < _sizes.Length; n++)
            {
                for (; place < _sizes[n]; place++)
                {
                    if (place == mate)
                        continue;
                    highest = Math.Max(highest, _best[place]);
                    if (mate >= 0 && _best[place] >= _best[mate])
                        above++;
                }
                var inGallery = mate >= 0 && mate < _sizes[n];
                outcomes[n][row] = new Search
                {
                    Probe = images.Images[probe.Photo],
                    Photo = probe.Photo,
                    Subject = subject,
                    IsMated = probe.IsMated,
                    MatePhoto = mate < 0 ? -1 : _cast.GalleryPhotos[_cast.FirstPhotoOf[mate]],
                    MateRank = inGallery ? above + 1 : null,
                    MateScore = inGallery ? _best[mate] : null,
                    HighestNonMate = highest,
                    Candidates = n == _sizes.Length - 1 ? Head(mate) : [],
                };
            }
        }

        private SearchCandidate[] Head(int mate)
        {
            var queue = new PriorityQueue<int, (float Score, bool NotMate, int Place)>(KeptCandidates + 1);
            for (var place = 0; place < _best.Length; place++)
            {
                var rank = (_best[place], place != mate, -place);
                if (queue.Count < KeptCandidates)
                    queue.Enqueue(place, rank);
                else
                    queue.EnqueueDequeue(place, rank);
            }
            var head = new SearchCandidate[queue.Count];
            for (var i = head.Length - 1; i >= 0; i--)
            {
                var place = queue.Dequeue();
                head[i] = new SearchCandidate(
                    _cast.Images.Subjects[_cast.Enrolled[place]],
                        _best[place], place == mate, _cast.GalleryPhotos[_cast.FirstPhotoOf[place]]);
            }
            return head;
        }

        public void Dispose()
        {
            NativeMemory.AlignedFree(_rows);
            NativeMemory.AlignedFree(_tile);
        }
    }
}
