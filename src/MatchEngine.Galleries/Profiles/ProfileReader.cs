using System.Text.Json;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Search;

namespace MatchEngine.Galleries.Profiles;

/// <summary>
/// Reads a profile's JSON strictly: every key must be there and be known, every value be within its range.
/// What is wrong is named by file and key.
/// </summary>
internal static class ProfileReader
{
    private const int MaxText = 10_000;
    private const int MaxRedressDays = 365;

    public static Profile Read(string file, ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(
                json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return Read(new Node(file, null, document.RootElement));
        }
        catch (JsonException e)
        {
            throw new ProfileException(file, null, $"it is no JSON ({e.Message})", e);
        }
    }

    private static Profile Read(Node root)
    {
        var top = root.Object("name", "title", "description", "rules");
        var rules = top["rules"].Object(
            "listLength", "scoreFloor", "scoreFloorDefault", "scores", "minimumCandidates", "disclaimer", "purpose", "permittedBases",
            "refusedPurposes", "terms", "training", "age", "biographics", "encounterFields", "sourceUrl", "severalFaces", "galleryFaces",
            "masterImage", "comparisonOnly", "comparisons", "approval", "exigentUse", "partnersEnrol", "dataProviders",
            "retentionYears", "caseRetentionYears", "deleteImproper", "redressDecidedBy", "redressDays", "links", "examinerReview",
            "examiners", "holdUntilExamined", "secondExaminer", "blindExamination");
        var name = top["name"].Text();
        if (!GalleryName.IsValid(name))
            throw top["name"].Wrong("use letters, digits, '-', '_' and '.', at most 64 of them");
        var read = new ProfileRules
        {
            ListLength = Rule("listLength", ListLength),
            ScoreFloor = Rule("scoreFloor", node => node.Choice<ScoreFloorRule>()),
            ScoreFloorDefault = Rule("scoreFloorDefault", node => node.IsNull ? (float?)null : node.Number(-1, 1)),
            Scores = Rule("scores", node => node.Choice<ScoresRule>()),
            MinimumCandidates = Rule("minimumCandidates", node => node.Integer(0, SearchOptions.MaxListLength)),
            Disclaimer = Rule("disclaimer", Disclaimer),
            Purpose = Rule(
                "purpose", node => (IReadOnlyList<PurposeField>)[.. node.Items().Select(item => item.Choice<PurposeField>()).Distinct()]),
            PermittedBases = Rule("permittedBases", node => node.IsNull ? null : Words(node)),
            RefusedPurposes = Rule("refusedPurposes", Words),
            Terms = Rule("terms", node => node.IsNull ? null : Terms(node)),
            Training = Rule("training", node => node.IsNull ? null : Training(node)),
            Age = Rule("age", node => node.IsNull ? null : Age(node)),
            Biographics = Rule("biographics", node => node.Choice<BiographicsRule>()),
            EncounterFields = Rule("encounterFields", node =>
                node.Is("all") ? BiographicFields.All : BiographicFields.Only(node.Items("or \"all\"").Select(item => item.Text()))),
            SourceUrl = Rule("sourceUrl", node => node.Boolean()),
            SeveralFaces = Rule("severalFaces", node => node.Choice<SeveralFacesRule>()),
            GalleryFaces = Rule("galleryFaces", node => node.Choice<GalleryFacesRule>()),
            MasterImage = Rule("masterImage", node => node.Boolean()),
            ComparisonOnly = Rule("comparisonOnly", node => node.Boolean()),
            Comparisons = Rule("comparisons", node => node.Choice<ComparisonsRule>()),
            Approval = Rule("approval", node => node.Choice<ApprovalRule>()),
            ExigentUse = Rule("exigentUse", node => node.IsNull ? null : ExigentUse(node)),
            PartnersEnrol = Rule("partnersEnrol", node => node.Boolean()),
            DataProviders = Rule("dataProviders", node => node.Boolean()),
            RetentionYears = Rule("retentionYears", node => node.Integer(1, AuditEntry.MaxYears)),
            CaseRetentionYears = Rule("caseRetentionYears", node => node.Integer(1, AuditEntry.MaxYears)),
            DeleteImproper = Rule("deleteImproper", node => node.Boolean()),
            RedressDecidedBy = Rule("redressDecidedBy", node => node.Choice<RedressRule>()),
            RedressDays = Rule("redressDays", node => node.Integer(1, MaxRedressDays)),
            Links = Rule("links", node => node.Boolean()),
            ExaminerReview = Rule("examinerReview", node => node.Boolean()),
            Examiners = Rule("examiners", node => node.Choice<ExaminersRule>()),
            HoldUntilExamined = Rule("holdUntilExamined", node => node.Choice<HoldRule>()),
            SecondExaminer = Rule("secondExaminer", node => node.Boolean()),
            BlindExamination = Rule("blindExamination", node => node.Boolean()),
        };
        if (read.MinimumCandidates.Value > read.ListLength.Value.Min)
            throw rules["minimumCandidates"].Wrong(
                $"lists of {read.ListLength.Value.Min} are allowed and have no room for {read.MinimumCandidates.Value} candidates; "
                    + "raise rules.listLength.value.min");
        if (read.ScoreFloor.Value == ScoreFloorRule.NotOffered && read.ScoreFloorDefault.Value is not null)
            throw rules["scoreFloorDefault"].Wrong("a floor that is not offered has no default; write null");
        if (read.HoldUntilExamined.Value != HoldRule.Never && !read.ExaminerReview.Value)
            throw rules["holdUntilExamined"].Wrong(
                "a list that nobody can examine is never returned; write \"never\", or true for rules.examinerReview.value");
        if (read.ComparisonOnly.Value && read.Comparisons.Value == ComparisonsRule.NotOffered)
            throw rules["comparisons"].Wrong(
                "a service that only compares offers comparisons; write \"ofSubjects\", or false for rules.comparisonOnly.value");
        if (read.Scores.Value == ScoresRule.RankOnly && read.Comparisons.Value != ComparisonsRule.NotOffered)
            throw rules["scores"].Wrong("a comparison gives a score alone; write \"notOffered\" for rules.comparisons.value");
        if (read.Scores.Value == ScoresRule.RankOnly && read.ExaminerReview.Value)
            throw rules["scores"].Wrong("an examination tells the scores of the list; write false for rules.examinerReview.value");
        if (read.MasterImage.Value && read.GalleryFaces.Value == GalleryFacesRule.Each)
            throw rules["galleryFaces"].Wrong("a master image shows one person; write \"chosen\"");
        if (read.DataProviders.Value && !read.PartnersEnrol.Value)
            throw rules["dataProviders"].Wrong(
                "others have data in a gallery only where they enrol; write true for rules.partnersEnrol.value");
        return new Profile(name, top["title"].Text(), top["description"].Text(), read);

        ProfileRule<T> Rule<T>(string key, Func<Node, T> value)
        {
            var rule = rules[key].Object("value", "source");
            return new ProfileRule<T>(value(rule["value"]), rule["source"].Text());
        }
    }

    private static ListLengthRule ListLength(Node node)
    {
        var keys = node.Object("default", "min", "max");
        var min = keys["min"].Integer(1, SearchOptions.MaxListLength);
        var max = keys["max"].Integer(min, SearchOptions.MaxListLength);
        return new ListLengthRule(keys["default"].Integer(min, max), min, max);
    }

    private static ExigentUseRule ExigentUse(Node node)
    {
        var keys = node.Object("decisionMinutes", "reviewHours");
        return new ExigentUseRule(
            keys["decisionMinutes"].Integer(1, ExigentUseRule.MaxDecisionMinutes),
            keys["reviewHours"].IsNull ? null : keys["reviewHours"].Integer(1, ExigentUseRule.MaxReviewHours));
    }

    private static ProfileTerms Terms(Node node)
    {
        var keys = node.Object("version", "text", "renewDays");
        return new ProfileTerms(
            keys["version"].Text(), keys["text"].Text(),
            keys["renewDays"].IsNull ? null : keys["renewDays"].Integer(1, ProfileTerms.MaxRenewDays));
    }

    private static Disclaimer Disclaimer(Node node)
    {
        if (node.IsNull)
            return Galleries.Disclaimer.None;
        if (node.Is("product"))
            return Galleries.Disclaimer.Current;
        var keys = node.Object("version", "text");
        return new Disclaimer(keys["version"].Text(), keys["text"].Text());
    }

    private static TrainingRule Training(Node node)
    {
        var keys = node.Object("course", "months");
        var course = keys["course"].Text();
        return GalleryName.IsValid(course)
            ? new TrainingRule(course, keys["months"].Integer(1, TrainingRule.MaxMonths))
            : throw keys["course"].Wrong("use letters, digits, '-', '_' and '.', at most 64 of them");
    }

    private static AgeRule Age(Node node)
    {
        var keys = node.Object("under", "enrolment", "search");
        return new AgeRule(
            keys["under"].Integer(1, AgeRule.MaxAge), keys["enrolment"].Choice<AgeAction>(), keys["search"].Choice<AgeAction>());
    }

    private static IReadOnlyList<string> Words(Node node) => [.. node.Items().Select(item => item.Text())
        .Select(text => text.Any(char.IsLetterOrDigit) ? text : throw node.Wrong("write words"))];

    /// <summary>A value with its place in the file.</summary>
    private sealed record Node(string File, string? Path, JsonElement Value)
    {
        public bool IsNull => Value.ValueKind == JsonValueKind.Null;

        public ProfileException Wrong(string remedy) => new(File, Path, remedy);

        public bool Is(string text) => Value.ValueKind == JsonValueKind.String && Value.ValueEquals(text);

        public Dictionary<string, Node> Object(params string[] keys)
        {
            if (Value.ValueKind != JsonValueKind.Object)
                throw Wrong($"write an object with the keys {string.Join(", ", keys)}");
            var found = new Dictionary<string, Node>(StringComparer.Ordinal);
            foreach (var property in Value.EnumerateObject())
            {
                var child = Child(property.Name, property.Value);
                if (!keys.Contains(property.Name, StringComparer.Ordinal))
                    throw child.Wrong($"there is no such key; known here are {string.Join(", ", keys)}");
                if (!found.TryAdd(property.Name, child))
                    throw child.Wrong("the key stands there twice; keep one");
            }
            return keys.FirstOrDefault(key => !found.ContainsKey(key)) is { } missing
                ? throw Child(missing, default).Wrong("the key is missing; every profile states it")
                : found;
        }

        public IEnumerable<Node> Items(string orElse = "") => Value.ValueKind == JsonValueKind.Array
            ? Value.EnumerateArray().Select((item, i) => new Node(File, $"{Path}[{i}]", item))
            : throw Wrong($"write a list {orElse}".TrimEnd());

        public string Text() => Value.ValueKind == JsonValueKind.String && Value.GetString() is { Length: > 0 and <= MaxText } text
            && !string.IsNullOrWhiteSpace(text)
            ? text
            : throw Wrong($"write a text of 1 to {MaxText} characters");

        public bool Boolean() => Value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw Wrong("write true or false"),
        };

        public int Integer(int min, int max) =>
            Value.ValueKind == JsonValueKind.Number && Value.TryGetInt32(out var number) && number >= min && number <= max
                ? number
                : throw Wrong($"write a whole number within {min} … {max}");

        public float Number(float min, float max) =>
            Value.ValueKind == JsonValueKind.Number && Value.GetSingle() is var number && number >= min && number <= max
                ? number
                : throw Wrong($"write a number within {min} … {max}, or null");

        public T Choice<T>() where T : struct, Enum
        {
            var names = Enum.GetNames<T>().Select(JsonNamingPolicy.CamelCase.ConvertName).ToList();
            return Value.ValueKind == JsonValueKind.String && names.IndexOf(Value.GetString()!) is var at and >= 0
                ? Enum.GetValues<T>()[at]
                : throw Wrong($"write one of {string.Join(", ", names.Select(name => $"\"{name}\""))}");
        }

        private Node Child(string key, JsonElement value) => new(File, Path is null ? key : $"{Path}.{key}", value);
    }
}
