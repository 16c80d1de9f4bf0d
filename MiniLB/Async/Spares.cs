namespace MiniLB.Async;

/// <summary>What a thread has used and keeps to use it again, of whatever kind.</summary>
/// <remarks>Event loops are asked to let go (BackgroundLoops/Memory). A thread of the pool, which serves requests where
/// there are none, is ended by .NET when it has been idle, and what it keeps with it.</remarks>
internal static class Spares
{
    [ThreadStatic]
    private static List<Action>? _ofThread;

    /// <summary>Takes note of a kind that the calling thread keeps; once for each.</summary>
    /// <param name="letGo">Forgets what that thread has of it.</param>
    public static void Add(Action letGo) => (_ofThread ??= []).Add(letGo);

    /// <summary>Leaves everything that the calling thread keeps to the collector.</summary>
    public static void LetGo()
    {
        foreach (var letGo in _ofThread ?? [])
        {
            letGo();
        }
    }
}
