namespace MatchEngine.Galleries.Properties;

/// <summary>Whose a gallery is and how it may be used. What may be done with it by whom is for the caller to enforce.</summary>
public sealed record GalleryProperties
{
    /// <summary>The owner of galleries that nobody claimed: whoever runs the command.</summary>
    public const string LocalOwner = "local";

    /// <summary>The profile of galleries for which none was chosen.</summary>
    public const string DefaultProfile = "default";

    /// <summary>The longest name of an organisation or a profile, in characters.</summary>
    public const int MaxName = 256;

    /// <summary>The organisation that owns the gallery's records.</summary>
    /// <exception cref="ArgumentException">It is empty, too long, or holds a control character.</exception>
    public string Owner { get; init => field = Name(value, nameof(Owner)); } = LocalOwner;

    /// <summary>The profile that searches of the gallery follow.</summary>
    /// <exception cref="ArgumentException">It is empty, too long, or holds a control character.</exception>
    public string Profile { get; init => field = Name(value, nameof(Profile)); } = DefaultProfile;

    /// <summary>Whether the gallery is approved for use by all; otherwise each search of it needs a supervisor.</summary>
    public bool Approved { get; init; } = true;

    /// <summary>How long encounters stay; null: until they are removed.</summary>
    public RetentionRule? Retention { get; init; }

    /// <summary>A value that may name an organisation or a profile.</summary>
    /// <param name="value">The value.</param>
    /// <param name="parameter">What it is, for the message.</param>
    /// <exception cref="ArgumentException">It is empty, too long, or holds a control character.</exception>
    public static string Name(string value, string parameter)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value, parameter);
        return value.Length <= MaxName && !value.Any(char.IsControl)
            ? value
            : throw new ArgumentException($"a name has at most {MaxName} characters and none that controls", parameter);
    }
}
