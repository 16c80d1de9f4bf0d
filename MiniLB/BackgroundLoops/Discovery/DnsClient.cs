using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace MiniLB.BackgroundLoops.Discovery;

/// <summary>Asks the servers of /etc/resolv.conf, one after the other, until one has an answer.</summary>
/// <remarks>Each question has a socket of its own, on a port that the system draws, connected to one server: the kernel
/// drops what comes from anybody else. No thread waits for an answer.</remarks>
internal sealed class DnsClient : IDisposable
{
    // Questions at once: enough for a pool of hundreds, few enough for the table of a home router.
    private const int MostQuestions = 64;

    private readonly Func<ResolverSettings> _settings;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _questions = new(MostQuestions);

    // The server that has answered last: a silent one is not waited for again before it is anybody's turn. Any thread
    // writes it; a lost write costs one wait.
    private volatile int _first;

    public DnsClient(Func<ResolverSettings> settings, TimeProvider time) => (_settings, _time) = (settings, time);

    /// <returns>An answer, whatever happens; only the cancellation of the token is thrown.</returns>
    public async Task<DnsAnswer> AskAsync(string name, DnsType type, CancellationToken cancellationToken)
    {
        if (!DnsName.TryParse(name, out var asked))
        {
            return new DnsAnswer(DnsAnswerKind.NoSuchName); // behind a search domain it may be too long
        }

        await _questions.WaitAsync(cancellationToken);
        try
        {
            return await AskServersAsync(_settings(), asked, type, cancellationToken);
        }
        finally
        {
            _questions.Release();
        }
    }

    public void Dispose() => _questions.Dispose();

    private async Task<DnsAnswer> AskServersAsync(
        ResolverSettings settings, DnsName name, DnsType type, CancellationToken cancellationToken)
    {
        DnsAnswer? failure = null;
        for (var attempt = 0; attempt < settings.Attempts; attempt++)
        {
            var first = _first;
            for (var i = 0; i < settings.Servers.Count; i++)
            {
                var number = (first + i) % settings.Servers.Count;
                var server = settings.Servers[number];
                var answer = await AskAsync(server, settings.Timeout, name, type, cancellationToken);
                if (!answer.IsFailure)
                {
                    _first = number;
                    return answer;
                }

                // That one has answered and could not says more than that another is silent.
                if (failure?.Kind != DnsAnswerKind.Refused)
                {
                    failure = answer with { Problem = $"{server.Address}: {answer.Problem}" };
                }
            }
        }

        return failure!;
    }

    private async Task<DnsAnswer> AskAsync(
        IPEndPoint server, TimeSpan timeout, DnsName name, DnsType type, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var answer = await AskAsync(server, new DnsQuery(name, type), either.Token);
            const string formError = "FORMERR";
            return answer.Kind == DnsAnswerKind.Refused && answer.Problem.Contains(formError, StringComparison.Ordinal)
                ? await AskAsync(server, new DnsQuery(name, type, extends: false), either.Token)
                : answer;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new DnsAnswer(DnsAnswerKind.Silent, $"no answer within {timeout.TotalSeconds:0.###} s");
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return new DnsAnswer(DnsAnswerKind.Silent, e.Message);
        }
    }

    private static async Task<DnsAnswer> AskAsync(
        IPEndPoint server, DnsQuery query, CancellationToken cancellationToken)
    {
        // A datagram cannot be longer, so that none is cut.
        var buffer = ArrayPool<byte>.Shared.Rent(ushort.MaxValue);
        try
        {
            return await AskOverUdpAsync(server, query, buffer, cancellationToken)
                ?? await AskOverTcpAsync(server, query, buffer, cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <returns>Null where the answer was too long.</returns>
    private static async Task<DnsAnswer?> AskOverUdpAsync(
        IPEndPoint server, DnsQuery query, byte[] buffer, CancellationToken cancellationToken)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server, cancellationToken);
        await socket.SendAsync(query.Bytes, cancellationToken);
        while (true)
        {
            var length = await socket.ReceiveAsync(buffer, cancellationToken);
            switch (DnsAnswerReader.Read(buffer.AsSpan(0, length), query, out var answer))
            {
                case DnsVerdict.Answer:
                    return answer;
                case DnsVerdict.Truncated:
                    return null;
            }
        }
    }

    private static async Task<DnsAnswer> AskOverTcpAsync(
        IPEndPoint server, DnsQuery query, byte[] buffer, CancellationToken cancellationToken)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server, cancellationToken);
        await using var stream = new NetworkStream(socket);
        var framed = new byte[sizeof(ushort) + query.Bytes.Length];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)query.Bytes.Length);
        query.Bytes.CopyTo(framed, sizeof(ushort));
        await stream.WriteAsync(framed, cancellationToken);
        await stream.ReadExactlyAsync(buffer.AsMemory(0, sizeof(ushort)), cancellationToken);
        var length = BinaryPrimitives.ReadUInt16BigEndian(buffer);
        await stream.ReadExactlyAsync(buffer.AsMemory(0, length), cancellationToken);
        return DnsAnswerReader.Read(buffer.AsSpan(0, length), query, out var answer) == DnsVerdict.Answer
            ? answer
            : new DnsAnswer(DnsAnswerKind.Refused, "its answer over TCP is none to the question");
    }
}
