using System.Buffers;

namespace MatchEngine.Galleries.Enrolment;

/// <summary>
/// How a metadata file is written: by which separator, and whether rows go over several lines (RFC 4180: a line break in quotes). Found by
/// reading it once as it would be read. Where a quote is not closed within a few lines, no row of the file may go over several: a stray
/// quote must not swallow the million rows behind it, and each row that has one is named.
/// </summary>
/// <param name="Separator">Comma, semicolon or tab.</param>
/// <param name="HasLineBreaks">Whether line breaks stand in quotes.</param>
internal readonly record struct CsvShape(char Separator, bool HasLineBreaks)
{
    // A note of a page is no row of a file that somebody broke.
    private const int MostLines = 100, MostBytes = 64 << 10;

    /// <summary>Looks at a file; what cannot be read is told by who reads it after.</summary>
    /// <param name="file">The file.</param>
    public static CsvShape Of(string file)
    {
        // A pipe can be read once only.
        if (FileKind.Special(file) is not null)
            return new(',', false);
        try
        {
            using var stream = new FileStream(
                file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, FileOptions.SequentialScan);
            return Of(stream);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(',', false);
        }
    }

    /// <summary>The same of a stream.</summary>
    internal static CsvShape Of(Stream stream)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(128 << 10);
        try
        {
            var length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            var separator = SeparatorOf(buffer.AsSpan(0, length));
            var scan = new Scan((byte)separator);
            while (length > 0 && scan.Take(buffer.AsSpan(0, length)))
                length = stream.Read(buffer);
            return new(separator, scan.Ended());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The one of the three that the first line has most of, outside quotes.</summary>
    private static char SeparatorOf(ReadOnlySpan<byte> start)
    {
        var (commas, semicolons, tabs, quoted) = (0, 0, 0, false);
        foreach (var b in start)
        {
            if (b == '"')
                quoted = !quoted;
            else if (!quoted && b is (byte)'\n' or (byte)'\r')
                break;
            else if (!quoted)
                (commas, semicolons, tabs) = (commas + (b == ',' ? 1 : 0), semicolons + (b == ';' ? 1 : 0), tabs + (b == '\t' ? 1 : 0));
        }
        return commas >= Math.Max(semicolons, tabs) ? ',' : semicolons >= tabs ? ';' : '\t';
    }

    /// <summary>Goes over a file as RFC 4180 has it.</summary>
    private struct Scan(byte separator)
    {
        private enum Place
        {
            FieldStart,
            Bare,
            Quoted,
            QuoteInQuotes,
        }

        private Place _place;
        private int _lines;
        private int _bytes;
        private bool _hasBreaks;

        /// <summary>Takes the next bytes; false when the answer is known: a quote that is not closed, or text behind one.</summary>
        public bool Take(ReadOnlySpan<byte> bytes)
        {
            foreach (var b in bytes)
            {
                switch (_place)
                {
                    case Place.FieldStart or Place.Bare:
                        _place = b == separator || b is (byte)'\n' or (byte)'\r' ? Place.FieldStart
                            : b == '"' && _place == Place.FieldStart ? Place.Quoted
                            : Place.Bare;
                        (_lines, _bytes) = (0, 0);
                        break;
                    case Place.Quoted:
                        if (b == '"')
                            _place = Place.QuoteInQuotes;
                        else if (++_bytes > MostBytes || (b == '\n' && ++_lines > MostLines))
                            return GiveUp();
                        break;
                    default:
                        if (b == '"')
                            _place = Place.Quoted;
                        else if (b == separator || b is (byte)'\n' or (byte)'\r')
                        {
                            _hasBreaks |= _lines > 0;
                            _place = Place.FieldStart;
                        }
                        else
                            return GiveUp();
                        break;
                }
            }
            return true;
        }

        /// <summary>Whether line breaks stand in quotes, all of which are closed.</summary>
        public readonly bool Ended() => _place != Place.Quoted && (_hasBreaks || (_place == Place.QuoteInQuotes && _lines > 0));

        private bool GiveUp()
        {
            (_hasBreaks, _lines, _place) = (false, 0, Place.Bare);
            return false;
        }
    }
}
