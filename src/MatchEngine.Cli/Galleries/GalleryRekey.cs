using System.CommandLine;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Encryption;

namespace MatchEngine.Cli.Galleries;

/// <summary><c>gallery rekey</c>.</summary>
internal static class GalleryRekey
{
    public static Command Create() => GalleryVerb.ChangingOne(
        "rekey",
        $"Encrypt a gallery's images and biographics with the first key of {DataKeys.FileVariable}, whether they are in the clear or "
            + "encrypted with one of the others",
        [],
        (_, journal, gallery, cancellationToken) =>
        {
            var keys = DataKeys.FromEnvironment()
                ?? throw new UsageException($"there is no key to encrypt with: name a file of keys in {DataKeys.FileVariable}");
            var values = journal.Make(
                AuditKinds.GalleryRekeyed, gallery.Name, new { key = keys.CurrentId },
                record => gallery.Rekey(record, cancellationToken: cancellationToken));
            return new GalleryReport(
                new { Gallery = gallery.Name, Key = keys.CurrentId, Encrypted = values },
                $"{values:N0} values encrypted with key {keys.CurrentId}; everything in {gallery.Name} is under it now.");
        });
}
