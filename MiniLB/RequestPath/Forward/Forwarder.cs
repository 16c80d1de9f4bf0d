using MiniLB.Async;
using MiniLB.Config.Options;
using MiniLB.State;
using MiniLB.Transport;

namespace MiniLB.RequestPath.Forward;

/// <summary>Makes one attempt: gives a request to one backend and passes its answer on. One per pool.</summary>
/// <remarks>Failure is a value, never an exception.</remarks>
internal abstract class Forwarder : IDisposable
{
    /// <param name="exchange">The request.</param>
    /// <param name="backend">Where to send it.</param>
    /// <param name="onNewConnection">True never to use a kept connection.</param>
    public abstract FrameTask<AttemptResult> AttemptAsync(Exchange exchange, Backend backend, bool onNewConnection);

    /// <summary>Obeys the options that the pool has from now on.</summary>
    public abstract void Apply(PoolOptions options);

    /// <summary>Closes kept connections whose time is over, and those to backends that were taken out.</summary>
    /// <param name="now">Milliseconds.</param>
    public abstract void Sweep(long now);

    public abstract void Dispose();

    /// <summary>Has a connection count among the backend's for as long as it is open.</summary>
    protected static void Count(IBackendStream connection, Backend backend) =>
        connection.Count(backend.ConnectionOpened, backend.ConnectionClosed);
}
