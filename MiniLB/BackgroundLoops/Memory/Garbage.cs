namespace MiniLB.BackgroundLoops.Memory;

/// <summary>Tells when there is enough of it to be collected before the runtime comes by itself.</summary>
internal sealed class Garbage
{
    /// <summary>Bytes. The runtime waits for a third more at least (MiniLB.csproj).</summary>
    public const long Much = 1536 * 1024;

    private long _before;

    // That of the start is left where it is until there is more.
    private int _collections = -1;

    /// <summary>Asked at each beat.</summary>
    /// <param name="allocated">Bytes since the start of the process.</param>
    /// <param name="collections">Since then, too.</param>
    public bool IsMuch(long allocated, int collections)
    {
        if (collections != _collections)
        {
            (_before, _collections) = (allocated, collections);
        }

        return allocated - _before >= Much;
    }
}
