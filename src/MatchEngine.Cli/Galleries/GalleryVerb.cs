using System.CommandLine;
using MatchEngine.Cli.Output;
using MatchEngine.Galleries;

namespace MatchEngine.Cli.Galleries;

/// <summary>What the verbs of one gallery have in common: its name, opening it, and an answer as text or as JSON.</summary>
internal static class GalleryVerb
{
    /// <summary>The gallery's name.</summary>
    public static Argument<string> Name { get; } = new("NAME") { Description = "Letters, digits, '-', '_' and '.', at most 64" };

    /// <summary>A verb that looks at a data folder's galleries.</summary>
    /// <param name="verb">Its name.</param>
    /// <param name="description">What it does.</param>
    /// <param name="symbols">Its own arguments and options, the first of all in front.</param>
    /// <param name="look">What it does.</param>
    public static Command Looking(
        string verb, string description, IEnumerable<Symbol> symbols,
        Func<ParseResult, GalleryCatalog, CancellationToken, GalleryReport> look) => Make(
        verb, description, symbols,
        (parsed, cancellationToken) => look(parsed, EmbeddedStore.Galleries(Data(parsed)), cancellationToken));

    /// <summary>A verb that changes something in a data folder.</summary>
    /// <param name="verb">Its name.</param>
    /// <param name="description">What it does.</param>
    /// <param name="symbols">Its own arguments and options, the first of all in front.</param>
    /// <param name="change">The change, under the journal.</param>
    public static Command Changing(
        string verb, string description, IEnumerable<Symbol> symbols,
        Func<ParseResult, CommandJournal, CancellationToken, GalleryReport> change) => Make(
        verb, description, symbols, (parsed, cancellationToken) =>
        {
            using var journal = CommandJournal.Open(Data(parsed));
            return change(parsed, journal, cancellationToken);
        });

    /// <summary>A verb that changes the gallery that <see cref="Name"/> names.</summary>
    /// <param name="verb">Its name.</param>
    /// <param name="description">What it does.</param>
    /// <param name="symbols">Its own options.</param>
    /// <param name="change">The change of the open gallery, under the journal.</param>
    public static Command ChangingOne(
        string verb, string description, IEnumerable<Symbol> symbols,
        Func<ParseResult, CommandJournal, Gallery, CancellationToken, GalleryReport> change) =>
        Changing(verb, description, [Name, .. symbols], (parsed, journal, cancellationToken) =>
        {
            using var gallery = journal.Galleries.Open(parsed.GetRequiredValue(Name));
            return change(parsed, journal, gallery, cancellationToken);
        });

    /// <summary>The folder that a call means.</summary>
    public static string Data(ParseResult parsed) => parsed.GetRequiredValue(SharedOptions.Data);

    private static Command Make(
        string verb, string description, IEnumerable<Symbol> symbols, Func<ParseResult, CancellationToken, GalleryReport> act)
    {
        var command = new Command(verb, description);
        foreach (var symbol in symbols.Append(SharedOptions.Data).Append(SharedOptions.Json))
        {
            if (symbol is Argument argument)
                command.Add(argument);
            else
                command.Add((Option)symbol);
        }
        command.SetAction((parsed, cancellationToken) =>
        {
            var report = act(parsed, cancellationToken);
            if (parsed.GetValue(SharedOptions.Json))
                JsonOutput.Write(report.Json);
            else
                report.Text();
            return Task.FromResult(report.ExitCode);
        });
        return command;
    }
}
