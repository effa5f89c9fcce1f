using MatchEngine.Galleries.Stores;
using MatchEngine.Rates.Tails;
using MatchEngine.Vectors;

namespace MatchEngine.Galleries.Indexing;

/// <summary>
/// What the tails of a small gallery's own people have in common: each of them is searched in it, and what comes of it helps where a
/// probe's own tail is thin. Numbers of the whole gallery alone are kept, and only as long as it does not change.
/// </summary>
/// <param name="feed">Gives the templates.</param>
internal sealed class PooledTails(IChangeFeed feed)
{
    // As few are searched with each other in some milliseconds; where a small gallery's people have more templates there is no pool.
    private const int MostTemplates = 3000;

    private volatile Known? _known;

    /// <summary>The prior for probes in the gallery; null where it is too small, or needs none.</summary>
    /// <param name="index">The gallery's index, with everything in it that the store has.</param>
    /// <param name="subjects">How many subjects it has.</param>
    /// <param name="compared">With how many of them the probe was compared.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public TailPrior? Of(IVectorSearcher index, long subjects, long compared, CancellationToken cancellationToken)
    {
        if (subjects < TailFit.LeastSubjectsPooled || compared >= TailFit.LeastSubjects || index.Count > MostTemplates)
            return null;
        // Asked for before the templates are read: a commit in between makes a pool anew rather than none.
        var version = feed.Version();
        if (_known is { } known && known.Version == version)
            return known.Prior;
        var prior = Pool(index, cancellationToken);
        _known = new Known(version, prior);
        return prior;
    }

    private TailPrior? Pool(IVectorSearcher index, CancellationToken cancellationToken)
    {
        var templates = new List<Template>();
        try
        {
            var first = new HashSet<long>();
            feed.ReadChanges(
                0,
                added =>
                {
                    if (first.Add(added.Subject))
                        templates.Add(added.Template);
                    else
                        added.Template.Erase();
                },
                static _ => { },
                cancellationToken);
            var pool = new TailPool();
            // Everybody is compared with everybody, and stands far above the others as his own possible mate.
            foreach (var answer in index.SearchBatch(templates, 1, tally: SubjectTally.Request(1), cancellationToken: cancellationToken))
            {
                if (answer.Tally is { } tally)
                    pool.Add(SubjectTally.Summary(tally, possibleMates: 1));
            }
            return pool.ToPrior();
        }
        finally
        {
            foreach (var template in templates)
                template.Erase();
        }
    }

    private sealed record Known(long Version, TailPrior? Prior);
}
