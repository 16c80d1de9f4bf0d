namespace MiniLB.BackgroundLoops.Supervision;

/// <summary>One part of the process that answers as long as it works.</summary>
/// <remarks>Whether it answers must not depend on clients, on backends, or on what the system has left to give: a
/// restart would help none of them.</remarks>
internal abstract class LifeSign
{
    /// <summary>As the log names it.</summary>
    public abstract string Name { get; }

    /// <summary>True once it has answered the last question.</summary>
    public abstract bool HasAnswered { get; }

    /// <summary>Asks; never waits. Not before the last question was answered.</summary>
    public abstract void Ask();
}
