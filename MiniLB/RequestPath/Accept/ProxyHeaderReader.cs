using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using MiniLB.State;
using MiniLB.Wire;

namespace MiniLB.RequestPath.Accept;

/// <summary>Reads the PROXY header where each connection of a listener must begin with one, and makes the client that
/// it names the connection's peer.</summary>
/// <remarks>Believed from trusted proxies alone; a unix socket is as good as trusted, since its file says who may
/// connect. How long it may take is the connection sweep's matter.</remarks>
internal sealed class ProxyHeaderReader(World world, ILogger<ProxyHeaderReader> logger)
{
    /// <returns>False where the connection is to end.</returns>
    public async ValueTask<bool> IsIntroducedAsync(ConnectionContext context, ClientConnection connection)
    {
        if (connection.Peer is { } peer && !world.Current.Options.TrustedProxies.Contains(peer))
        {
            AcceptLog.NotTrusted(logger, connection.PeerText);
            world.Statistics.Refusals.Count(Refusal.ProxyHeader);
            return false;
        }

        connection.AwaitIntroduction();
        var error = await ReadAsync(context.Transport.Input, connection);
        if (error is { } wrong and not ProxyHeaderError.None)
        {
            AcceptLog.NoProxyHeader(logger, connection.PeerText, wrong);
            world.Statistics.Refusals.Count(Refusal.ProxyHeader);
        }

        return error == ProxyHeaderError.None;
    }

    /// <returns>Null where the connection ended without a byte, as those of simple health checks do, or is to end with
    /// the process.</returns>
    private static async ValueTask<ProxyHeaderError?> ReadAsync(PipeReader input, ClientConnection connection)
    {
        while (true)
        {
            if (await ReadOrGoneAsync(input) is not { } result)
            {
                return null;
            }

            var buffer = result.Buffer;
            var error = Read(buffer, out var header, out var length);
            if (error == ProxyHeaderError.None)
            {
                input.AdvanceTo(buffer.GetPosition(length));
                Introduce(connection, header);
                return error;
            }

            if (error != ProxyHeaderError.Incomplete)
            {
                input.AdvanceTo(buffer.Start);
                return error;
            }

            input.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted || connection.IsToEnd)
            {
                return connection.HasTimedOut || (!buffer.IsEmpty && result.IsCompleted) ? error : null;
            }
        }
    }

    private static async ValueTask<ReadResult?> ReadOrGoneAsync(PipeReader input)
    {
        try
        {
            return await input.ReadAsync();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            return null; // The proxy has gone.
        }
    }

    private static ProxyHeaderError Read(in ReadOnlySequence<byte> buffer, out ProxyHeader header, out int length)
    {
        if (buffer.IsSingleSegment)
        {
            return ProxyHeaderParser.Read(buffer.FirstSpan, out header, out length);
        }

        // It arrived in pieces, or what follows it did.
        Span<byte> copy = stackalloc byte[ProxyHeaderV2.MostBytes];
        copy = copy[..(int)Math.Min(buffer.Length, copy.Length)];
        buffer.Slice(0, copy.Length).CopyTo(copy);
        return ProxyHeaderParser.Read(copy, out header, out length);
    }

    private static void Introduce(ClientConnection connection, in ProxyHeader header)
    {
        if (header.Origin is ProxyOrigin.Sender or ProxyOrigin.Unknown)
        {
            connection.Introduce(isUnknown: header.Origin == ProxyOrigin.Unknown);
        }
        else
        {
            connection.Introduce(header.Source, header.Destination);
        }
    }
}
