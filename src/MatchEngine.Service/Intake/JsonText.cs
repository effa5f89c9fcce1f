using System.Globalization;
using System.Text.Unicode;
using MatchEngine.Service.Errors;

namespace MatchEngine.Service.Intake;

/// <summary>
/// Refuses JSON with a text that is no Unicode: bytes that are no UTF-8, or half of a surrogate pair as an escape. The framework's reader
/// passes over it, and throws where the text is looked at.
/// </summary>
internal static class JsonText
{
    /// <summary>Looks through JSON as it came.</summary>
    /// <exception cref="ProblemException">There is such a text; its place is told, and nothing of it.</exception>
    public static void Require(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
            throw Refused("bytes that are no UTF-8");
        for (var at = 0; ;)
        {
            var next = json[at..].IndexOf((byte)'\\');
            if (next < 0)
                return;
            at += next;
            var unit = Unit(json[at..]);
            if (unit is null)
            {
                at += 2;
                if (at >= json.Length)
                    return;
                continue;
            }
            var isPair = char.IsHighSurrogate(unit.Value) && Unit(json[(at + 6)..]) is { } low && char.IsLowSurrogate(low);
            if (char.IsSurrogate(unit.Value) && !isPair)
                throw Refused($"half of a surrogate pair at byte {(at + 1).ToString(CultureInfo.InvariantCulture)}");
            at += isPair ? 12 : 6;
        }
    }

    /// <summary>The unit that an escape of the form <c>\uXXXX</c> at the beginning stands for; null where there is none.</summary>
    private static char? Unit(ReadOnlySpan<byte> text) => text.Length >= 6 && text[0] == '\\' && text[1] == 'u'
        && ushort.TryParse(text[2..6], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit) ? (char)unit : null;

    private static ProblemException Refused(string what) => new(Problem.BadRequest, $"the JSON holds a text that is no Unicode: {what}");
}
