using System.IO.Pipelines;
using MiniLB.State;

namespace MiniLB.RequestPath.Accept.Tls;

/// <summary>The TLS of one client connection after its handshake.</summary>
internal abstract class ClientTls : IAsyncDisposable
{
    /// <summary>What is said through it.</summary>
    public abstract IDuplexPipe Pipe { get; }

    /// <summary>What the handshake came to.</summary>
    public abstract TlsSession Session { get; }

    public abstract bool IsHttp2 { get; }

    /// <summary>Tells the client that all has been said, so that what came before cannot have been cut short (RFC 8446
    /// section 6.1).</summary>
    public abstract Task EndAsync();

    public abstract ValueTask DisposeAsync();
}
