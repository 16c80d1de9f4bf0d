namespace MiniLB.Transport;

/// <summary>Other listening sockets, opened and ready: they are taken into use, or closed again.</summary>
internal sealed class ListenerChange(Func<Task> apply, IReadOnlyList<TransportListener> opened)
{
    public Task ApplyAsync() => apply();

    public void Discard()
    {
        foreach (var listener in opened)
        {
            listener.Discard();
        }
    }
}
