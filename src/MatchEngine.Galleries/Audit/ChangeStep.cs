namespace MatchEngine.Galleries.Audit;

/// <summary>How far a change has come.</summary>
public enum ChangeStep
{
    /// <summary>All is done but the event and the commit.</summary>
    Begun,

    /// <summary>The event is on the disk, the change is not.</summary>
    Written,

    /// <summary>The change is on the disk too; nobody has been told.</summary>
    Made,
}

/// <summary>Told of every step of a change. Tests use it to be killed there.</summary>
public interface IChangeObserver
{
    /// <summary>A change has come this far.</summary>
    /// <param name="step">How far.</param>
    /// <param name="kind">The kind of its event.</param>
    void Reached(ChangeStep step, string kind);
}
