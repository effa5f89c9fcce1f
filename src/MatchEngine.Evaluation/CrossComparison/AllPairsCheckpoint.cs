using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace MatchEngine.Evaluation.CrossComparison;

/// <summary>
/// The state of an all-pairs run on disk. Written beside its place and moved there, so that a file is either whole or not there.
/// </summary>
internal static class AllPairsCheckpoint
{
    private static readonly byte[] Magic = "MEAP0001"u8.ToArray();

    public static void Save(string file, string key, AllPairsState state)
    {
        var unfinished = file + ".tmp";
        using (var stream = new BrotliStream(File.Create(unfinished), CompressionLevel.Fastest))
        using (var writer = new BinaryWriter(stream, Encoding.UTF8))
        {
            writer.Write(Magic);
            writer.Write(key);
            writer.Write(state.Floor);
            writer.Write(MemoryMarshal.AsBytes(state.Histogram.AsSpan()));
            writer.Write(state.Blocks.Count);
            foreach (var block in state.Blocks)
            {
                Write(writer, block.First);
                Write(writer, block.Second);
                Write(writer, block.Scores);
                Write(writer, block.MatedFirst);
                Write(writer, block.MatedSecond);
                Write(writer, block.MatedScores);
            }
            // The end mark tells a whole file from one that lost its tail.
            writer.Write(Magic);
        }
        File.Move(unfinished, file, overwrite: true);
    }

    /// <summary>The saved state; null when there is none, or it is of other data, or damaged: then the run starts anew.</summary>
    public static AllPairsState? Load(string file, string key)
    {
        if (!File.Exists(file))
            return null;
        try
        {
            using var stream = new BrotliStream(File.OpenRead(file), CompressionMode.Decompress);
            using var reader = new BinaryReader(stream, Encoding.UTF8);
            if (!reader.ReadBytes(Magic.Length).AsSpan().SequenceEqual(Magic) || reader.ReadString() != key)
                return null;
            var state = new AllPairsState(reader.ReadDouble());
            stream.ReadExactly(MemoryMarshal.AsBytes(state.Histogram.AsSpan()));
            var blocks = reader.ReadInt32();
            for (var b = 0; b < blocks; b++)
                state.Blocks.Add(new AllPairsBlock(
                    Read<int>(reader), Read<int>(reader), Read<float>(reader), Read<int>(reader), Read<int>(reader), Read<float>(reader)));
            return reader.ReadBytes(Magic.Length).AsSpan().SequenceEqual(Magic) ? state : null;
        }
        catch (Exception error) when (error is IOException or InvalidDataException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static void Write<T>(BinaryWriter writer, T[] values)
        where T : unmanaged
    {
        writer.Write(values.Length);
        writer.Write(MemoryMarshal.AsBytes(values.AsSpan()));
    }

    private static T[] Read<T>(BinaryReader reader)
        where T : unmanaged
    {
        var length = reader.ReadInt32();
        if (length is < 0 or > 1 << 28)
            throw new InvalidDataException("a block of the checkpoint has no sensible length");
        var values = new T[length];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}
