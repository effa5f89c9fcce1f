namespace MatchEngine.Vectors;

/// <summary>
/// What the follower of a gallery's changes writes to. Every member may be called from any thread at any time; writers wait for each other.
/// </summary>
public interface IVectorWriter
{
    /// <summary>Adds a template. It is copied; the caller may erase its own.</summary>
    /// <param name="id">The template's id, unique here.</param>
    /// <param name="subject">The subject it belongs to; a subject may have any number of templates.</param>
    /// <param name="template">The template.</param>
    /// <exception cref="ArgumentException">A template of this id is held already, or the dimension differs.</exception>
    /// <exception cref="ModelMismatchException">The template was made with another model.</exception>
    void Add(long id, long subject, Template template);

    /// <summary>Removes a template and erases its vector; false when no template of this id is held.</summary>
    bool Remove(long id);

    /// <summary>Whether a template of this id is held: what a writer asks before it adds.</summary>
    bool Contains(long id);
}
