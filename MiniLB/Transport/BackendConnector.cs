using System.Net;
using System.Net.Sockets;
using MiniLB.Config;
using MiniLB.Transport.Epoll;

namespace MiniLB.Transport;

/// <summary>Connects to backends: every address of a name is tried, the next one 250 ms after the last or at its
/// failure.</summary>
/// <param name="timeout">For name lookup, connecting and the TLS handshake together.</param>
internal sealed class BackendConnector(TimeSpan timeout, TimeProvider time)
{
    // RFC 8305 section 5, "Connection Attempt Delay".
    private static readonly TimeSpan AttemptDelay = TimeSpan.FromMilliseconds(250);

    /// <summary>Secures connections to https backends; null takes them as they are.</summary>
    public BackendTls? Tls { get; init; }

    /// <summary>What each connection begins with where the caller says nothing else.</summary>
    public ReadOnlyMemory<byte> First { get; init; }

    /// <param name="address">Where to.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="connected">Is shown the connection before anything is sent; null where nobody counts
    /// it.</param>
    /// <param name="first">What is sent before all else, the TLS handshake included; empty for <see
    /// cref="First"/>.</param>
    /// <exception cref="SocketException">No address answered; a timeout is <see
    /// cref="SocketError.TimedOut"/>.</exception>
    /// <exception cref="IOException">The connection broke in the TLS handshake.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The TLS handshake failed.</exception>
    public async ValueTask<Stream> ConnectAsync(
        BackendAddress address, CancellationToken cancellationToken, Action<IBackendStream>? connected = null,
        ReadOnlyMemory<byte> first = default)
    {
        // The caller's: the look-up of a name ends on another thread.
        var loop = EventLoops.OfProcess?.Nearest;
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var stream = await ConnectPlainAsync(address, loop, either.Token);
            connected?.Invoke((IBackendStream)stream);
            await SendFirstAsync(stream, first.IsEmpty ? First : first, either.Token);
            return address.Tls && Tls is not null
                ? await Tls.SecureAsync(stream, address.ServerName, either.Token)
                : stream;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SocketException((int)SocketError.TimedOut);
        }
    }

    private static async ValueTask SendFirstAsync(
        Stream stream, ReadOnlyMemory<byte> first, CancellationToken cancellationToken)
    {
        if (first.IsEmpty)
        {
            return;
        }

        try
        {
            await stream.WriteAsync(first, cancellationToken);
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    private async Task<Stream> ConnectPlainAsync(
        BackendAddress address, EventLoop? loop, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(address.Host, out var literal))
        {
            return await ConnectToAsync(literal, address.Port, loop, cancellationToken);
        }

        var addresses = await Dns.GetHostAddressesAsync(address.Host, cancellationToken);
        return addresses.Length switch
        {
            0 => throw new SocketException((int)SocketError.HostNotFound),
            1 => await ConnectToAsync(addresses[0], address.Port, loop, cancellationToken),
            _ => await RaceAsync(addresses, address.Port, loop, cancellationToken),
        };
    }

    private async Task<Stream> RaceAsync(
        IPAddress[] addresses, int port, EventLoop? loop, CancellationToken cancellationToken)
    {
        using var won = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new List<Task<Stream>>();
        var next = 0;
        Exception? failure = null;
        while (next < addresses.Length || running.Count > 0)
        {
            if (next < addresses.Length)
            {
                running.Add(ConnectToAsync(addresses[next++], port, loop, won.Token));
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
    private async Task<Task<Stream>?> FirstOfAsync(
        List<Task<Stream>> running, bool mayStartAnother, CancellationToken cancellationToken)
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

    private static void CloseWhenConnected(Task<Stream> loser) => loser.ContinueWith(
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

    private static async Task<Stream> ConnectToAsync(
        IPAddress address, int port, EventLoop? loop, CancellationToken cancellationToken)
    {
        var to = new IPEndPoint(address, port);
        if (loop is not null)
        {
            return await LoopStream.ConnectAsync(to, loop, cancellationToken);
        }

        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(to, cancellationToken);
            return new CountedStream(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
