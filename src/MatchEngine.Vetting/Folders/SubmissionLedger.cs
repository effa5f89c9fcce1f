using System.Globalization;
using System.Text;

namespace MatchEngine.Vetting.Folders;

/// <summary>
/// Which number a submission has, in a file beside them (<c>submissions.csv</c>): the same one for the same submission whenever it is asked
/// for, so that a run that is taken up again finds its answers.
/// </summary>
internal sealed class SubmissionLedger
{
    private const string Header = "number,digest";

    private readonly Lock _lock = new();
    private readonly string _file;
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    private SubmissionLedger(string file) => _file = file;

    /// <summary>Opens the ledger of a folder, or begins one.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="InvalidDataException">It is no ledger.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static SubmissionLedger Open(string file)
    {
        var ledger = new SubmissionLedger(file);
        if (!File.Exists(file))
            return ledger;
        var lines = File.ReadAllLines(file);
        for (var i = 0; i < lines.Length; i++)
        {
            // A kill may have cut the last line: its submission was not written yet, and gets its number anew.
            if (i == 0 ? lines[0] == Header : ledger.TryTake(lines[i], i) || (i == lines.Length - 1 && !IsEnded(file)))
                continue;
            throw new InvalidDataException($"{file}, line {i + 1}: '{Header}' and then numbers from 1 with their digests were expected");
        }
        if (!IsEnded(file))
            ledger.Rewrite();
        return ledger;
    }

    /// <summary>The number of a submission, from 1; noted before it is returned.</summary>
    /// <param name="digest">What makes it this one: SHA-256 in hexadecimal digits.</param>
    public int NumberOf(string digest)
    {
        lock (_lock)
        {
            if (_numbers.TryGetValue(digest, out var known))
                return known;
            var number = _numbers.Count + 1;
            var line = $"{number.ToString(CultureInfo.InvariantCulture)},{digest}\n";
            using (var stream = new FileStream(_file, FileMode.Append, FileAccess.Write, FileShare.Read))
            {
                if (stream.Position == 0)
                    stream.Write(Encoding.ASCII.GetBytes(Header + "\n"));
                stream.Write(Encoding.ASCII.GetBytes(line));
                stream.Flush(flushToDisk: true);
            }
            return _numbers[digest] = number;
        }
    }

    private static bool IsEnded(string file)
    {
        using var stream = File.OpenRead(file);
        if (stream.Length == 0)
            return true;
        stream.Seek(-1, SeekOrigin.End);
        return stream.ReadByte() == '\n';
    }

    private bool TryTake(string line, int number) => line.Split(',') is [var told, { Length: 64 } digest]
        && told == number.ToString(CultureInfo.InvariantCulture) && digest.All(char.IsAsciiHexDigitLower)
        && _numbers.TryAdd(digest, number);

    private void Rewrite() => File.WriteAllLines(
        _file,
        [Header, .. _numbers.OrderBy(one => one.Value).Select(one => $"{one.Value.ToString(CultureInfo.InvariantCulture)},{one.Key}")]);
}
