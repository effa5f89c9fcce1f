using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MatchEngine.Evaluation.CrossComparison;

/// <summary>Compares a block of rows with everything after them, with buffers of its own; one worker a thread.</summary>
internal sealed unsafe class AllPairsWorker : IDisposable
{
    private readonly PackedEmbeddings _packed;
    private readonly int[] _endOfSubject;
    private readonly float _floor;
    private readonly int _dimension;
    private readonly float* _rows;
    private readonly float* _scores;
    private readonly int* _bins;

    // Two histograms, used in turn: equal bins in a row would wait for each other's store.
    private readonly uint* _even;
    private readonly uint* _odd;
    private readonly List<int> _first = [];
    private readonly List<int> _second = [];
    private readonly List<float> _kept = [];
    private readonly List<int> _matedFirst = [];
    private readonly List<int> _matedSecond = [];
    private readonly List<float> _mated = [];

    public AllPairsWorker(PackedEmbeddings packed, int[] endOfSubject, double floor)
    {
        (_packed, _endOfSubject, _floor) = (packed, endOfSubject, (float)floor);
        _dimension = packed.Dimension;
        _rows = (float*)NativeMemory.AlignedAlloc((nuint)AllPairs.BlockRows * (nuint)_dimension * sizeof(float), 64);
        _scores = (float*)NativeMemory.AlignedAlloc(ScoreKernel.Rows * ScoreKernel.Columns * sizeof(float), 64);
        _bins = (int*)NativeMemory.AlignedAlloc(ScoreKernel.Rows * ScoreKernel.Columns * sizeof(int), 64);
        _even = (uint*)NativeMemory.AllocZeroed(ScoreGrid.Bins, sizeof(uint));
        _odd = (uint*)NativeMemory.AllocZeroed(ScoreGrid.Bins, sizeof(uint));
    }

    /// <summary>Compares <see cref="AllPairs.BlockRows"/> rows from <paramref name="start"/> with all columns after each of them.</summary>
    public AllPairsBlock Compare(int start)
    {
        var end = Math.Min(start + AllPairs.BlockRows, _packed.Count);
        for (var row = start; row < end; row += ScoreKernel.Rows)
            _packed.CopyRows(row, _rows + (nint)(row - start) * _dimension);
        for (var panel = start / ScoreKernel.Columns; panel < _packed.Panels; panel++)
        {
            var firstColumn = panel * ScoreKernel.Columns;
            var full = firstColumn + ScoreKernel.Columns <= _packed.Count;
            for (var row = start; row < end && row < firstColumn + ScoreKernel.Columns; row += ScoreKernel.Rows)
            {
                ScoreKernel.Tile(_rows + (nint)(row - start) * _dimension, _packed.Panel(panel), _dimension, _scores);
                if (_packed.AreScaled)
                    Scale(row, firstColumn);
                var last = row + ScoreKernel.Rows - 1;
                // Subjects stand together, so a tile without mated comparisons begins behind the last row's subject.
                if (full && last < end && firstColumn >= _endOfSubject[last])
                    CountTile(row, firstColumn);
                else
                    CountSome(row, Math.Min(last, end - 1), firstColumn);
            }
        }
        var block = new AllPairsBlock([.. _first], [.. _second], [.. _kept], [.. _matedFirst], [.. _matedSecond], [.. _mated]);
        _first.Clear();
        _second.Clear();
        _kept.Clear();
        _matedFirst.Clear();
        _matedSecond.Clear();
        _mated.Clear();
        return block;
    }

    /// <summary>Adds what was counted to a histogram and starts again from zero.</summary>
    public void AddTo(long[] histogram)
    {
        for (var bin = 0; bin < ScoreGrid.Bins; bin++)
        {
            histogram[bin] += (long)_even[bin] + _odd[bin];
            _even[bin] = _odd[bin] = 0;
        }
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_rows);
        NativeMemory.AlignedFree(_scores);
        NativeMemory.AlignedFree(_bins);
        NativeMemory.Free(_even);
        NativeMemory.Free(_odd);
    }

    private void Scale(int row, int firstColumn)
    {
        for (var r = 0; r < ScoreKernel.Rows && row + r < _packed.Count; r++)
        {
            for (var c = 0; c < ScoreKernel.Columns; c++)
                _scores[r * ScoreKernel.Columns + c] *= _packed.Scales[row + r] * _packed.Scales[firstColumn + c];
        }
    }

    private void CountTile(int row, int firstColumn)
    {
        const int Size = ScoreKernel.Rows * ScoreKernel.Columns;
        if (Vector512.IsHardwareAccelerated)
        {
            var (steps, zero, offset, top) = (Vector512.Create((float)ScoreGrid.StepsPerUnit), Vector512<int>.Zero,
                Vector512.Create(ScoreGrid.StepsPerUnit), Vector512.Create(ScoreGrid.Bins - 1));
            var floor = Vector512.Create(_floor);
            for (var i = 0; i < Size; i += 16)
            {
                var score = Vector512.Load(_scores + i);
                var bin = Vector512.ConvertToInt32Native(Vector512.Floor(score * steps)) + offset;
                Vector512.Min(Vector512.Max(bin, zero), top).Store(_bins + i);
                var above = Vector512.GreaterThanOrEqual(score, floor).ExtractMostSignificantBits();
                while (above != 0)
                {
                    var lane = System.Numerics.BitOperations.TrailingZeroCount(above);
                    above &= above - 1;
                    Keep(row + (i + lane) / ScoreKernel.Columns, firstColumn + (i + lane) % ScoreKernel.Columns, _scores[i + lane]);
                }
            }
        }
        else
        {
            for (var i = 0; i < Size; i++)
            {
                _bins[i] = ScoreGrid.BinOf(_scores[i]);
                if (_scores[i] >= _floor)
                    Keep(row + i / ScoreKernel.Columns, firstColumn + i % ScoreKernel.Columns, _scores[i]);
            }
        }
        for (var i = 0; i < Size; i += 2)
        {
            _even[_bins[i]]++;
            _odd[_bins[i + 1]]++;
        }
    }

    private void CountSome(int row, int lastRow, int firstColumn)
    {
        var lastColumn = Math.Min(firstColumn + ScoreKernel.Columns, _packed.Count) - 1;
        for (var i = row; i <= lastRow; i++)
        {
            for (var j = Math.Max(firstColumn, i + 1); j <= lastColumn; j++)
            {
                var score = _scores[(i - row) * ScoreKernel.Columns + j - firstColumn];
                if (j < _endOfSubject[i])
                {
                    _matedFirst.Add(i);
                    _matedSecond.Add(j);
                    _mated.Add(score);
                    continue;
                }
                _even[ScoreGrid.BinOf(score)]++;
                if (score >= _floor)
                    Keep(i, j, score);
            }
        }
    }

    private void Keep(int first, int second, float score)
    {
        _first.Add(first);
        _second.Add(second);
        _kept.Add(score);
    }
}
