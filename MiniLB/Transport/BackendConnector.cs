using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using MiniLB.Config;

namespace MiniLB.Transport;

/// <summary>Connects to backends: every address of a name is tried, the next one 250 ms after the last or at its
/// failure.</summary>
/// <param name="timeout">For name lookup, connecting and the TLS handshake together.</param>
internal sealed class BackendConnector(TimeSpan timeout, TimeProvider time)
{
    // RFC 8305 section 5, "Connection Attempt Delay".
    private static readonly TimeSpan AttemptDelay = TimeSpan.FromMilliseconds(250);

    /// <summary>Whether TLS is to agree on HTTP/2 (ALPN).</summary>
    public bool Http2 { get; init; }

    /// <param name="address">Where to.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="open">Makes the stream of the connected socket, which it then owns; null for a plain one.</param>
    /// <exception cref="SocketException">No address answered; a timeout is <see
    /// cref="SocketError.TimedOut"/>.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The TLS handshake failed.</exception>
    public async ValueTask<Stream> ConnectAsync(
        BackendAddress address, CancellationToken cancellationToken, Func<Socket, NetworkStream>? open = null)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var socket = await ConnectSocketAsync(address, either.Token);
            var stream = open?.Invoke(socket) ?? new NetworkStream(socket, ownsSocket: true);
            return address.Tls ? await SecureAsync(stream, address.Host, either.Token) : stream;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SocketException((int)SocketError.TimedOut);
        }
    }

    private async Task<Stream> SecureAsync(
        NetworkStream stream, string host, CancellationToken cancellationToken)
    {
        var tls = new SslStream(stream);
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = host,
                    ApplicationProtocols = Http2 ? [SslApplicationProtocol.Http2] : null,
                },
                cancellationToken);
            return tls;
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }

    private async Task<Socket> ConnectSocketAsync(BackendAddress address, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(address.Host, out var literal))
        {
            return await ConnectToAsync(literal, address.Port, cancellationToken);
        }

        var addresses = await Dns.GetHostAddressesAsync(address.Host, cancellationToken);
        return addresses.Length switch
        {
            0 => throw new SocketException((int)SocketError.HostNotFound),
            1 => await ConnectToAsync(addresses[0], address.Port, cancellationToken),
            _ => await RaceAsync(addresses, address.Port, cancellationToken),
        };
    }

    private async Task<Socket> RaceAsync(IPAddress[] addresses, int port, CancellationToken cancellationToken)
    {
        using var won = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new List<Task<Socket>>();
        var next = 0;
        Exception? failure = null;
        while (next < addresses.Length || running.Count > 0)
        {
            if (next < addresses.Length)
            {
                running.Add(ConnectToAsync(addresses[next++], port, won.Token));
            }

            var first = await FirstOfAsync(running, mayStartAnother: next < addresses.Length, cancellationToken);
            if (first is null)
            {
                continue;
            }

            running.Remove(first);
            if (first.IsCompletedSuccessfully)
            {
                await won.CancelAsync();
                running.ForEach(CloseWhenConnected);
                return await first;
            }

            failure ??= first.Exception?.InnerException;
        }

        cancellationToken.ThrowIfCancellationRequested();
        throw failure ?? new SocketException((int)SocketError.HostUnreachable);
    }

    /// <returns>A finished attempt, or null when it is time to start another.</returns>
    private async Task<Task<Socket>?> FirstOfAsync(
        List<Task<Socket>> running, bool mayStartAnother, CancellationToken cancellationToken)
    {
        var finished = Task.WhenAny(running);
        if (!mayStartAnother)
        {
            return await finished;
        }

        using var raceEnded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var delay = Task.Delay(AttemptDelay, time, raceEnded.Token);
        var ended = await Task.WhenAny(finished, delay);
        await raceEnded.CancelAsync();
        return ended == finished ? await finished : null;
    }

    private static void CloseWhenConnected(Task<Socket> loser) => loser.ContinueWith(
        static t =>
        {
            if (t.IsCompletedSuccessfully)
            {
                t.Result.Dispose();
            }
            else
            {
                _ = t.Exception; // observed: the race is over
            }
        },
        TaskScheduler.Default);

    private static async Task<Socket> ConnectToAsync(IPAddress address, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, port), cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
