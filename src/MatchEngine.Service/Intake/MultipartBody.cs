using MatchEngine.Frs.Searching;
using MatchEngine.Service.Errors;
using Microsoft.Net.Http.Headers;

namespace MatchEngine.Service.Intake;

/// <summary>A part of a multipart body: a piece of the buffer that holds the whole, not a copy.</summary>
/// <param name="Name">The field's name.</param>
/// <param name="FileName">The file's name as the client gave it, or null.</param>
/// <param name="ContentType">The part's content type without parameters, in lower case, or null.</param>
/// <param name="Content">Its bytes.</param>
internal sealed record BodyPart(string Name, string? FileName, string? ContentType, Memory<byte> Content)
{
    /// <summary>Whose file the image was taken out of, where it came in an ANSI/NIST file.</summary>
    public InterchangeOrigin? Origin { get; init; }
}

/// <summary>Takes a <c>multipart/form-data</c> body apart (RFC 7578, RFC 2046 section 5.1.1) where it lies in memory.</summary>
internal static class MultipartBody
{
    private const int MaxHeaderBytes = 8 << 10;

    /// <summary>The boundary of a content type.</summary>
    /// <exception cref="ProblemException">There is none, or it is longer than the standard allows.</exception>
    public static string Boundary(MediaTypeHeaderValue contentType)
    {
        var boundary = HeaderUtilities.RemoveQuotes(contentType.Boundary).Value;
        return boundary is { Length: >= 1 and <= 70 } && boundary.All(c => c is >= ' ' and <= '~')
            ? boundary
            : throw new ProblemException(Problem.BadRequest, "the content type multipart/form-data has no boundary of 1 to 70 characters");
    }

    /// <exception cref="ProblemException">The body is not built as the standard says, or has too many parts.</exception>
    public static IReadOnlyList<BodyPart> Parse(Memory<byte> body, string boundary, int maxParts)
    {
        var delimiter = System.Text.Encoding.ASCII.GetBytes("\r\n--" + boundary);
        var span = body.Span;
        // The first delimiter may stand at the very beginning, where it has no line end before it.
        var at = span.StartsWith(delimiter.AsSpan(2)) ? -2 : span.IndexOf(delimiter);
        if (at == -1)
            throw Malformed("it does not hold its boundary");
        var parts = new List<BodyPart>();
        while (true)
        {
            var behind = at + delimiter.Length;
            if (span[behind..].StartsWith("--"u8))
                return parts;
            // Blanks between the delimiter and its line end are allowed.
            while (behind < span.Length && span[behind] is (byte)' ' or (byte)'\t')
                behind++;
            if (!span[behind..].StartsWith("\r\n"u8))
                throw Malformed("a boundary is not followed by a line end");
            var next = span[behind..].IndexOf(delimiter);
            if (next < 0)
                throw Malformed("it ends before its last boundary");
            if (parts.Count == maxParts)
                throw new ProblemException(Problem.TooLarge, $"the body has more than {maxParts} parts, which is the limit");
            // From the line end on: a part without headers begins with an empty line at once.
            parts.Add(Part(body[behind..(behind + next)]));
            at = behind + next;
        }
    }

    private static BodyPart Part(Memory<byte> part)
    {
        var headers = part.Span[..Math.Min(part.Length, MaxHeaderBytes)];
        var end = headers.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            throw Malformed("a part has no empty line between its headers and its content");
        string? name = null, fileName = null, contentType = null;
        foreach (var line in System.Text.Encoding.UTF8.GetString(headers[..end]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
                throw Malformed("a part's header has no colon");
            var (key, value) = (line[..colon].Trim(), line[(colon + 1)..].Trim());
            if (key.Equals("Content-Disposition", StringComparison.OrdinalIgnoreCase))
            {
                if (!ContentDispositionHeaderValue.TryParse(value, out var disposition)
                    || !disposition.DispositionType.Equals("form-data", StringComparison.OrdinalIgnoreCase))
                    throw Malformed("a part's Content-Disposition is not form-data");
                name = HeaderUtilities.RemoveQuotes(disposition.Name).Value;
                fileName = disposition.FileNameStar.HasValue
                    ? disposition.FileNameStar.Value
                    : HeaderUtilities.RemoveQuotes(disposition.FileName).Value;
            }
            else if (key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase))
            {
                contentType = value.Split(';')[0].Trim().ToLowerInvariant();
            }
            else if (key.Equals("Content-Transfer-Encoding", StringComparison.OrdinalIgnoreCase)
                && !value.Equals("binary", StringComparison.OrdinalIgnoreCase) && !value.Equals("8bit", StringComparison.OrdinalIgnoreCase)
                && !value.Equals("7bit", StringComparison.OrdinalIgnoreCase))
            {
                // RFC 7578, section 4.7: deprecated, and never needed over HTTP.
                throw Malformed("a part has a Content-Transfer-Encoding; send its bytes as they are");
            }
        }
        return string.IsNullOrEmpty(name)
            ? throw Malformed("a part has no name")
            : new BodyPart(name, string.IsNullOrEmpty(fileName) ? null : fileName, contentType, part[(end + 4)..]);
    }

    private static ProblemException Malformed(string what) => new(Problem.BadRequest, $"the multipart body cannot be read: {what}");
}
