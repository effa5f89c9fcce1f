namespace MatchEngine.Faces.Tests.Accuracy;

/// <summary>The tests that measure on all of lfw-a: it is extracted once for them.</summary>
[CollectionDefinition(Name)]
public sealed class LfwCollection : ICollectionFixture<AccuracyTests.Lfw>
{
    public const string Name = "lfw-a";
}
