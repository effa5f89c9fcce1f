namespace MatchEngine.Galleries;

/// <summary>What every candidate list says of itself.</summary>
/// <param name="Version">Changes with every change of the text, so that an audit can tell which words a reader saw.</param>
/// <param name="Text">The words.</param>
public sealed record Disclaimer(string Version, string Text)
{
    /// <summary>The words in use.</summary>
    public static Disclaimer Current { get; } = new(
        "1",
        "These candidates are leads for further inquiry and nothing more. A candidate list is not a positive identification of anyone: "
            + "it ranks enrolled people by how alike two photographs look to an algorithm, and it will name strangers when the person "
            + "sought is not enrolled. A trained examiner must review each candidate and other evidence must confirm it. No arrest, "
            + "refusal, detention or other action may rest on this list alone.");

    /// <summary>No words: of a service that says nothing.</summary>
    public static Disclaimer None { get; } = new("none", "");

    /// <summary>
    /// The words of several services for one list: each once, in this order; <see cref="None"/> where none says anything.
    /// </summary>
    public static Disclaimer Of(IEnumerable<Disclaimer> disclaimers)
    {
        List<Disclaimer> said = [.. disclaimers.Where(disclaimer => disclaimer != None).Distinct()];
        return said.Count switch
        {
            0 => None,
            1 => said[0],
            _ => new Disclaimer(
                string.Join('+', said.Select(disclaimer => disclaimer.Version)),
                string.Join("\n\n", said.Select(disclaimer => disclaimer.Text))),
        };
    }
}
