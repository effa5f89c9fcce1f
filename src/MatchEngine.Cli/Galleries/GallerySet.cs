using System.CommandLine;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Profiles;
using MatchEngine.Galleries.Properties;

namespace MatchEngine.Cli.Galleries;

/// <summary><c>gallery set</c>.</summary>
internal static class GallerySet
{
    private const string Keep = "forever";

    public static Command Create()
    {
        var owner = new Option<string?>("--owner") { Description = "The organisation that owns the records", HelpName = "ORGANISATION" };
        var profile = new Option<string?>("--profile")
        {
            Description = "The profile that searches follow: " + string.Join(", ", Profile.Names),
            HelpName = "NAME",
        };
        var approved = new Option<bool?>("--approved")
        {
            Description = "Whether the gallery is approved for use by all",
            HelpName = "true|false",
        };
        var retention = new Option<string?>("--retention-days")
        {
            Description = "For how many days encounters are kept; see 'gallery purge'",
            HelpName = $"N|{Keep}",
        };
        retention.Validators.Add(result =>
        {
            if (result.GetValue(retention) is { } text && text != Keep
                && !(int.TryParse(text, out var days) && days is >= 1 and <= RetentionRule.MaxDays))
                result.AddError($"--retention-days takes a number within 1 … {RetentionRule.MaxDays}, or '{Keep}'");
        });
        var from = new Option<RetentionBasis?>("--retention-from")
        {
            Description = $"From when the days count: the enrolment, or the date of capture in the metadata's {RetentionRule.CaptureKey}",
            HelpName = "enrolled|captured",
        };
        return GalleryVerb.ChangingOne(
            "set", "Change whose a gallery is and how it may be used; what is not named stays", [owner, profile, approved, retention, from],
            (parsed, journal, gallery, _) =>
            {
                var now = gallery.Properties;
                if (parsed.GetValue(profile) is { } chosen)
                    Profile.Named(chosen);
                try
                {
                    var after = now with
                    {
                        Owner = parsed.GetValue(owner) ?? now.Owner,
                        Profile = parsed.GetValue(profile) ?? now.Profile,
                        Approved = parsed.GetValue(approved) ?? now.Approved,
                        Retention = Rule(now.Retention, parsed.GetValue(retention), parsed.GetValue(from)),
                    };
                    journal.Make(
                        AuditKinds.GalleryChanged, gallery.Name,
                        new { after.Owner, after.Profile, after.Approved, retentionDays = after.Retention?.Days },
                        record =>
                        {
                            gallery.SetProperties(after, record());
                            return true;
                        });
                }
                catch (ArgumentException e)
                {
                    throw new UsageException(e.Message);
                }
                return GalleryReport.Of(gallery);
            });
    }

    private static RetentionRule? Rule(RetentionRule? now, string? days, RetentionBasis? from)
    {
        var rule = days switch
        {
            null => now,
            Keep => null,
            var number => new RetentionRule(int.Parse(number), now?.Basis ?? RetentionBasis.Enrolled),
        };
        return from is not { } basis
            ? rule
            : rule is not null
                ? rule with { Basis = basis }
                : throw new UsageException("--retention-from says from when the days count: give them with --retention-days");
    }
}
