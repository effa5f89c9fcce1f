using System.Text.RegularExpressions;

namespace MatchEngine.Service.Pages;

/// <summary>
/// What the fields of forms are called on the page. What is wrong with a value is told by the use cases, by the names that programs use; a
/// person is told by the label, and shown the field.
/// </summary>
internal static partial class FieldWords
{
    private static readonly Dictionary<string, (string Words, string[] Fields)> Known = new()
    {
        ["listLength"] = ("Largest number of candidates", ["listLength"]),
        ["scoreFloor"] = ("Score floor", ["scoreFloor"]),
        ["scoreFloorStrangers"] = ("Or a floor that so many strangers reach", ["scoreFloorStrangers"]),
        ["statedAge"] = ("Age of the person", ["statedAge"]),
        ["filter"] = ("Only people with", ["filter"]),
        ["face"] = ("Which face", ["face"]),
        ["caseNumber"] = ("Case number", ["caseNumber"]),
        ["basis"] = ("Statutory violation or other basis", ["basis"]),
        ["requester"] = ("Requested by", ["requester"]),
        ["crop"] = ("The part that is left", ["cropX", "cropY", "cropWidth", "cropHeight"]),
        ["cropX"] = ("From the left", ["cropX"]),
        ["cropY"] = ("From the top", ["cropY"]),
        ["cropWidth"] = ("Width", ["cropWidth"]),
        ["cropHeight"] = ("Height", ["cropHeight"]),
        ["turn"] = ("Turn clockwise", ["turn"]),
        ["brightness"] = ("Brightness", ["brightness"]),
        ["contrast"] = ("Contrast", ["contrast"]),
        ["gamma"] = ("Gamma", ["gamma"]),
        ["note"] = ("The note", ["note"]),
        ["reason"] = ("The reason", ["reason"]),
        ["comment"] = ("The comment", ["comment"]),
        ["days"] = ("The retention in days", ["days", "retentionDays"]),
    };

    /// <summary>A sentence that begins with the name of a field, with the field's words in its place; any other as it is.</summary>
    /// <returns>The sentence, and the fields that it is about.</returns>
    public static (string Sentence, IReadOnlyList<string> Fields) Told(string detail) =>
        Beginning().Match(detail) is { Success: true } found && Known.TryGetValue(found.Groups["name"].Value, out var known)
            ? ($"“{known.Words}”{found.Groups["then"].Value}{detail[found.Length..]}", known.Fields)
            : (detail, []);

    [GeneratedRegex(
        @"^(preparation: |purpose\.|retention\.)?(?<name>[A-Za-z]+)(?<then>:| (?=(is|lies|has) ))", RegexOptions.ExplicitCapture)]
    private static partial Regex Beginning();
}
