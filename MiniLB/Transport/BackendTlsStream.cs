using System.Net.Security;
using System.Net.Sockets;
using MiniLB.Config.Options;
using MiniLB.Transport.Epoll;

namespace MiniLB.Transport;

/// <summary>A backend connection through TLS: what it was made with, and how it ended.</summary>
internal sealed class BackendTlsStream(EndWatch inner, BackendTlsOptions options) : SslStream(inner)
{
    /// <summary>What the backend was verified by and shown.</summary>
    public BackendTlsOptions Options => options;

    public Socket? Socket => inner.Socket;

    /// <summary>Watches the connection; null where .NET does.</summary>
    public EventLoop? Loop => inner.Loop;

    /// <summary>True where the connection ended below TLS. When that comes before TLS has said its end, something may
    /// be missing: anybody on the way can cut a connection.</summary>
    public bool EndedBelow => inner.HasEnded;

    /// <summary>What is wrong with the certificate that the backend has shown.</summary>
    public string? Problem { get; set; }

    /// <summary>Says the end of TLS, as far as it can be sent at once.</summary>
    public void SayEnd()
    {
        try
        {
            var said = ShutdownAsync();
            if (!said.IsCompleted)
            {
                _ = said.ContinueWith(static t => _ = t.Exception, TaskScheduler.Default);
            }
            else if (said.IsFaulted)
            {
                _ = said.Exception; // observed: the connection is broken
            }
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or SocketException)
        {
            // It was said before, or the connection is broken.
        }
    }
}
