namespace MatchEngine.Faces.Images;

/// <summary>
/// Reads the Netpbm formats PBM, PGM and PPM, plain and raw (P1 … P6, as their manual pages of netpbm 10 define them).
/// Values of more than 8 bits are scaled down.
/// </summary>
internal ref struct NetpbmReader
{
    private readonly ReadOnlySpan<byte> _bytes;
    private int _at;

    private NetpbmReader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Decodes a picture.</summary>
    /// <param name="bytes">The file, which begins with P1 … P6.</param>
    /// <param name="limits">How many pixels it may have.</param>
    /// <exception cref="AcquisitionException">Too many pixels, or the file is damaged or cut short.</exception>
    public static Image Read(ReadOnlySpan<byte> bytes, ImageLimits limits)
    {
        var kind = bytes[1] - '0';
        if (kind is < 1 or > 6)
            throw new AcquisitionException(
                AcquisitionFailure.UnsupportedFormat, $"Netpbm of kind P{(char)bytes[1]} is not read here; PBM, PGM and PPM are");
        var reader = new NetpbmReader(bytes) { _at = 2 };
        var (width, height) = (reader.Number(), reader.Number());
        var max = kind is 1 or 4 ? 1 : reader.Number();
        if (width < 1 || height < 1 || max is < 1 or > 65535)
            throw Damaged();
        ImageDecoder.CheckPixels(width, height, limits);
        var plain = kind <= 3;
        if (!plain)
            reader._at++; // exactly one white space ends the header
        var channels = kind is 3 or 6 ? 3 : 1;
        // What the pixels need at the least is there before memory for them is taken.
        var rowBytes = kind == 4 ? (width + 7L) / 8 : plain ? width * channels : width * (long)channels * (max > 255 ? 2 : 1);
        if (rowBytes * height > bytes.Length - reader._at)
            throw Damaged();
        var (image, factor) = ImageDecoder.Reduced(width, height, limits);
        try
        {
            using var row = new Image(width, 1);
            using var rows = new RowReducer(image, factor);
            for (var y = 0; y < height; y++)
            {
                reader.ReadRow(row.Pixels, kind, channels, max);
                rows.Add(row.Pixels);
            }
            return image;
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    private void ReadRow(Span<byte> row, int kind, int channels, int max)
    {
        var width = row.Length / 3;
        for (var x = 0; x < width; x++)
        {
            for (var channel = 0; channel < channels; channel++)
            {
                var value = kind switch
                {
                    1 => 1 - Bit(),
                    4 => 1 - (_bytes[_at + x / 8] >> (7 - x % 8) & 1),
                    <= 3 => Number(),
                    _ when max > 255 => _bytes[_at++] << 8 | _bytes[_at++],
                    _ => _bytes[_at++],
                };
                if (value > max)
                    throw Damaged();
                var level = (byte)((value * 255 + max / 2) / max);
                row[3 * x + channel] = level;
                if (channels == 1)
                    (row[3 * x + 1], row[3 * x + 2]) = (level, level);
            }
        }
        if (kind == 4)
            _at += (width + 7) / 8;
    }

    /// <summary>The next digit 0 or 1; in a plain PBM they need no white space between them.</summary>
    private int Bit()
    {
        SkipSpace();
        var bit = _at < _bytes.Length ? _bytes[_at++] - '0' : -1;
        return bit is 0 or 1 ? bit : throw Damaged();
    }

    private int Number()
    {
        SkipSpace();
        var (value, digits) = (0L, 0);
        for (; _at < _bytes.Length && char.IsAsciiDigit((char)_bytes[_at]); _at++, digits++)
        {
            value = value * 10 + (_bytes[_at] - '0');
            if (value > int.MaxValue)
                throw Damaged();
        }
        return digits > 0 ? (int)value : throw Damaged();
    }

    private void SkipSpace()
    {
        while (_at < _bytes.Length)
        {
            if (_bytes[_at] == '#')
            {
                while (_at < _bytes.Length && _bytes[_at] is not ((byte)'\n' or (byte)'\r'))
                    _at++;
            }
            else if (_bytes[_at] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r' or 11 or 12)
                _at++;
            else
                return;
        }
    }

    private static AcquisitionException Damaged() =>
        new(AcquisitionFailure.Undecodable, "the PPM/PGM is damaged or cut short. Fetch it again from its source");
}
