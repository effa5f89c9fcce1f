using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using MatchEngine.Sqlite.Stores;
using MatchEngine.Tests;

namespace MatchEngine.Sqlite.Tests.Stores;

public class KeyValueJsonTests
{
    [Fact]
    public void Keys_keep_their_order_and_text_stays_readable() =>
        Assert.Equal(
            """{"sex":"F","name":"Zoë <李>","a":""}""", KeyValueJson.Write([new("sex", "F"), new("name", "Zoë <李>"), new("a", "")]));

    [Fact]
    public void What_is_written_is_read_back_in_order() => Prop.ForAll(
        ArbMap.Default.ArbFor<(NonEmptyString, NonNull<string>)[]>(),
        pairs =>
        {
            // A lone surrogate is no text: UTF-8 has no bytes for it.
            var values = pairs.Select(pair => (Key: pair.Item1.Get, Value: pair.Item2.Get))
                .Where(pair => IsText(pair.Key) && IsText(pair.Value)).DistinctBy(pair => pair.Key)
                .Select(pair => KeyValuePair.Create(pair.Key, pair.Value)).ToList();
            return KeyValueJson.Read(KeyValueJson.Write(values)).SequenceEqual(values);
        }).CheckSame();

    [Fact]
    public void Completing_adds_what_is_missing_and_changes_nothing_that_is_there()
    {
        const string Json = """{"sex":"F","age":"30"}""";

        Assert.Equal(
            """{"sex":"F","age":"30","race":"w"}""",
            KeyValueJson.Complete(Json, new Dictionary<string, string> { ["age"] = "31", ["race"] = "w" }));
        Assert.Null(KeyValueJson.Complete(Json, new Dictionary<string, string> { ["age"] = "31" }));
        Assert.Null(KeyValueJson.Complete(Json, new Dictionary<string, string>()));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"a":1}""")]
    [InlineData("{")]
    public void Anything_else_is_refused(string json) => Assert.ThrowsAny<JsonException>(() => KeyValueJson.Read(json));

    private static bool IsText(string text) => !HasLoneSurrogate(text);

    private static bool HasLoneSurrogate(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
            else if (char.IsSurrogate(text[i]))
                return true;
        }
        return false;
    }
}
