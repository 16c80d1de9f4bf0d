using MiniLB.State;

namespace MiniLB.RequestPath.Forward;

/// <summary>Makes one attempt: gives a request to one backend and passes its answer on. One per pool.</summary>
/// <remarks>Failure is a value, never an exception.</remarks>
internal abstract class Forwarder : IDisposable
{
    /// <param name="exchange">The request.</param>
    /// <param name="backend">Where to send it.</param>
    /// <param name="onNewConnection">True never to use a kept connection.</param>
    public abstract ValueTask<AttemptResult> AttemptAsync(Exchange exchange, Backend backend, bool onNewConnection);

    /// <summary>Closes kept connections whose time is over.</summary>
    /// <param name="now">Milliseconds.</param>
    public abstract void Sweep(long now);

    public abstract void Dispose();
}
