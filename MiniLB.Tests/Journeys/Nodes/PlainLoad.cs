using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Nodes;

/// <summary>Clients that repeat nothing: whatever goes wrong with a request is a failed request.</summary>
/// <param name="network">Where the clients are.</param>
/// <param name="target">Whom they ask.</param>
/// <param name="patience">For connecting, and for an answer.</param>
internal sealed partial class PlainLoad(NetworkNamespace network, IPEndPoint target, TimeSpan patience)
    : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly List<Task> _busy = [];
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private int _good;
    private long _slowest;

    public int Good => Volatile.Read(ref _good);

    /// <summary>Who has answered, and when.</summary>
    public ConcurrentQueue<(TimeSpan At, string Node)> Answers { get; } = [];

    public ConcurrentBag<string> Failures { get; } = [];

    public TimeSpan Now => _watch.Elapsed;

    public string Figures =>
        $"{Good + Failures.Count} requests, {Failures.Count} failed, "
        + $"the slowest took {TimeSpan.FromTicks(_slowest).TotalSeconds:F2} s";

    /// <summary>Starts clients that ask one after another.</summary>
    /// <param name="clients">How many.</param>
    /// <param name="path">What they ask for.</param>
    /// <param name="keepsAlive">Whether they ask again on the same connection, or take a new one for each
    /// request.</param>
    public PlainLoad With(int clients, string path, bool keepsAlive)
    {
        for (var i = 0; i < clients; i++)
        {
            _busy.Add(Task.Run(() => AskAsync(path, keepsAlive)));
        }

        return this;
    }

    /// <summary>Waits for so many good answers more.</summary>
    public Task GoesOnAsync(int more)
    {
        var until = Good + more;
        return Eventually.True(() => Good >= until, $"{more} good answers", () => string.Join('\n', Failures));
    }

    public async Task EndAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_busy);
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _end.Dispose();
    }

    private async Task AskAsync(string path, bool keepsAlive)
    {
        Socket? connection = null;
        var request = Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: fleet\r\n\r\n");
        while (!_end.IsCancellationRequested)
        {
            using var limit = new CancellationTokenSource(patience);
            var began = Now;
            var step = connection is null ? "connecting" : "asking again";
            try
            {
                connection ??= await ConnectAsync(limit.Token);
                step = step == "connecting" ? "asking" : step;
                await connection.SendAsync(request, limit.Token);
                var answer = await ReadAsync(connection, limit.Token);
                Count(answer, began);
                if (!keepsAlive || answer.Contains("Connection: close", StringComparison.OrdinalIgnoreCase))
                {
                    connection.Dispose();
                    connection = null;
                }
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException or IOException)
            {
                Failures.Add($"{Now.TotalSeconds:F3} s, {step} for {path}: {e.Message}");
                connection?.Dispose();
                connection = null;
            }
        }

        connection?.Dispose();
    }

    private async Task<Socket> ConnectAsync(CancellationToken cancellation)
    {
        var socket = network.NewSocket(target.AddressFamily);
        try
        {
            await socket.ConnectAsync(target, cancellation);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void Count(string answer, TimeSpan began)
    {
        if (!answer.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal))
        {
            throw new IOException(answer);
        }

        Interlocked.Increment(ref _good);
        Answers.Enqueue((Now, Node().Match(answer).Groups[1].Value));
        var took = (Now - began).Ticks;
        for (var most = Volatile.Read(ref _slowest); took > most; most = Volatile.Read(ref _slowest))
        {
            Interlocked.CompareExchange(ref _slowest, took, most);
        }
    }

    private static async Task<string> ReadAsync(Socket connection, CancellationToken cancellation)
    {
        var buffer = new byte[4096];
        var length = 0;
        while (true)
        {
            var read = await connection.ReceiveAsync(buffer.AsMemory(length), cancellation);
            length += read;
            var text = Encoding.Latin1.GetString(buffer, 0, length);
            if (read == 0)
            {
                throw new IOException($"the connection ended after '{text}'");
            }

            if (text.EndsWith($"\r\n\r\n{LanBackend.Text}", StringComparison.Ordinal))
            {
                return text;
            }
        }
    }

    [GeneratedRegex("X-Node: (.)")]
    private static partial Regex Node();
}
