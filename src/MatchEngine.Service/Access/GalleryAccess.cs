using MatchEngine.Galleries;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Properties;
using MatchEngine.Service.Hosting;

namespace MatchEngine.Service.Access;

/// <summary>
/// Which galleries an organisation may search, and which it keeps. A gallery that somebody may not use is not there for him.
/// </summary>
internal sealed class GalleryAccess(OpenGalleries galleries)
{
    /// <summary>The gallery, for its owner's keepers.</summary>
    /// <exception cref="GalleryNotFoundException">There is none, or it is another organisation's.</exception>
    public Gallery RequireKept(Caller caller, string name)
    {
        var gallery = galleries.Get(name);
        return gallery.Properties.Owner == caller.Organisation ? gallery : throw NotThere(name);
    }

    /// <summary>The gallery with what the caller's organisation may do; null when it may not search it.</summary>
    /// <exception cref="GalleryNotFoundException">There is none.</exception>
    public GalleryPermission? Permission(Caller caller, string name) =>
        galleries.Get(name).PermissionOf(caller.Organisation) is { MaySearch: true } permission ? permission : null;

    /// <summary>The galleries that the caller's organisation may search: those named, or all.</summary>
    /// <exception cref="GalleryNotFoundException">One of those named is not there or may not be searched.</exception>
    public IReadOnlyList<(Gallery Gallery, GalleryPermission Permission)> Searchable(Caller caller, IReadOnlyList<string>? names)
    {
        var found = new List<(Gallery, GalleryPermission)>();
        if (names is { Count: > 0 })
        {
            foreach (var name in names.Distinct(StringComparer.Ordinal))
                found.Add((galleries.Get(name), Permission(caller, name) ?? throw NotThere(name)));
            return found;
        }
        foreach (var name in galleries.Names())
        {
            try
            {
                if (Permission(caller, name) is { } permission)
                    found.Add((galleries.Get(name), permission));
            }
            catch (Exception e) when (e is GalleryNotFoundException
                or StoreException { Fault: StoreFault.Damaged or StoreFault.NewerSchema })
            {
                // Being made or deleted at this moment, or unreadable: it hides itself and no other.
            }
        }
        return found;
    }

    public static GalleryNotFoundException NotThere(string name) => new(name, $"there is no gallery '{name}' that this account may use");
}
