using System.Runtime.InteropServices;

namespace MatchEngine.Evaluation.Scores;

/// <summary>Comparisons of pairs of photos with their scores, column by column. Where no metadata is at hand the photos are −1.</summary>
public sealed class PairList
{
    private readonly List<int> _first = [];
    private readonly List<int> _second = [];
    private readonly List<double> _scores = [];
    private List<int>? _folds;

    /// <summary>How many comparisons there are.</summary>
    public int Count => _scores.Count;

    /// <summary>Index of the first photo (the probe, where the two have roles); −1 when it is not known.</summary>
    public ReadOnlySpan<int> First => CollectionsMarshal.AsSpan(_first);

    /// <summary>Index of the second photo (the reference); −1 when it is not known.</summary>
    public ReadOnlySpan<int> Second => CollectionsMarshal.AsSpan(_second);

    /// <summary>The scores.</summary>
    public ReadOnlySpan<double> Scores => CollectionsMarshal.AsSpan(_scores);

    /// <summary>The fold of each comparison, counted from 0; empty when the comparisons are not in folds.</summary>
    public ReadOnlySpan<int> Folds => CollectionsMarshal.AsSpan(_folds);

    /// <summary>Adds a comparison.</summary>
    /// <param name="first">Index of the first photo, or −1.</param>
    /// <param name="second">Index of the second photo, or −1.</param>
    /// <param name="score">The comparison score, a number.</param>
    /// <exception cref="ArgumentException">The score is not a number.</exception>
    public void Add(int first, int second, double score)
    {
        if (double.IsNaN(score))
            throw new ArgumentException("a score is a number", nameof(score));
        _first.Add(first);
        _second.Add(second);
        _scores.Add(score);
    }

    /// <summary>Adds a comparison that belongs to a fold. Either all comparisons of a list have folds or none.</summary>
    /// <inheritdoc cref="Add(int, int, double)"/>
    public void Add(int first, int second, double score, int fold)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fold);
        _folds ??= [];
        if (_folds.Count != Count)
            throw new InvalidOperationException("either all comparisons of a list have folds or none");
        Add(first, second, score);
        _folds.Add(fold);
    }

    internal void Add(ReadOnlySpan<int> first, ReadOnlySpan<int> second, ReadOnlySpan<float> scores)
    {
        _first.AddRange(first);
        _second.AddRange(second);
        _scores.EnsureCapacity(Count + scores.Length);
        foreach (var score in scores)
            _scores.Add(score);
    }
}
