using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using MiniLB.Tests.Journeys.Endurance;
using MiniLB.Tests.Journeys.Harness;
using Xunit.Abstractions;

namespace MiniLB.Tests.Journeys.Peers;

/// <summary>Who reads slowly slows the sender down: MiniLB holds back, it does not hoard.</summary>
[Collection(EnduranceGroup.Name)]
public sealed class BackPressureJourney(ITestOutputHelper output)
{
    private const long Size = 256L << 20;

    // What the kernel may hold in the four socket buffers on the way, and a little of the balancer's own.
    private const long Bound = 32L << 20;

    private static readonly TimeSpan Still = TimeSpan.FromMilliseconds(700);
    private static readonly byte[] Block = new byte[256 * 1024];

    private long _sent;

    [Fact]
    public async Task ClientThatDoesNotRead_StopsTheBackend()
    {
        await using var backend = new RawBackend(async (connection, _) =>
        {
            await connection.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {Size}\r\n\r\n");
            await SendAllAsync(connection.Socket);
        });
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);
        var before = ProcessFigures.Resident(program.Id);
        await using var client = await RawConnection.OpenAsync(program.Url);

        await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        await client.ReadHeadAsync();
        await HeldBackAsync("download", program, before);
        await ReadAllAsync(client.Socket, Size - (1 << 20)); // part of it came with the head

        await Eventually.True(() => Volatile.Read(ref _sent) == Size, "all is sent");
    }

    [Fact]
    public async Task Http2ClientThatDoesNotRead_StopsTheBackend()
    {
        await using var backend = new RawBackend(async (connection, _) =>
        {
            await connection.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {Size}\r\n\r\n");
            await SendAllAsync(connection.Socket);
        });
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);
        var before = ProcessFigures.Resident(program.Id);
        using var client = new HttpClient
        {
            DefaultRequestVersion = new Version(2, 0),
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        await using var body = await client.GetStreamAsync(program.Url);
        await HeldBackAsync("download over HTTP/2", program, before);
        var (received, buffer) = (0L, new byte[256 * 1024]);
        while (await body.ReadAsync(buffer) is var count and > 0)
        {
            received += count;
        }

        Assert.Equal(Size, received);
    }

    [Fact]
    public async Task BackendThatDoesNotRead_StopsTheClient()
    {
        var read = new TaskCompletionSource();
        await using var backend = new RawBackend(async (connection, _) =>
        {
            await read.Task;
            await ReadAllAsync(connection.Socket, Size - (1 << 20));
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\ndone");
            await connection.ReadToEndAsync();
        });
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);
        var before = ProcessFigures.Resident(program.Id);
        await using var client = await RawConnection.OpenAsync(program.Url);

        await client.SendAsync($"PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: {Size}\r\n\r\n");
        var sending = SendAllAsync(client.Socket);
        await HeldBackAsync("upload", program, before);
        read.SetResult();
        await sending;

        Assert.Equal("done", (await client.ReadResponseAsync()).Body);
    }

    private async Task SendAllAsync(Socket socket)
    {
        while (Volatile.Read(ref _sent) < Size)
        {
            Interlocked.Add(ref _sent, await socket.SendAsync(Block));
        }
    }

    /// <summary>Waits until the sender has stood still for a while, far from its end.</summary>
    private async Task HeldBackAsync(string what, RunningProgram program, long before)
    {
        var (last, watch) = (-1L, Stopwatch.StartNew());
        await Eventually.True(
            () =>
            {
                if (Volatile.Read(ref _sent) is var sent && sent != last)
                {
                    last = sent;
                    watch.Restart();
                }

                return last > 0 && watch.Elapsed > Still;
            },
            "the sender stands still");
        var grown = ProcessFigures.Resident(program.Id) - before;
        Figures.Say(output, string.Create(CultureInfo.InvariantCulture,
            $"stalled {what}: {last / 1048576.0:f1} MiB under way, resident memory +{grown / 1048576.0:f1} MiB"));
        Assert.InRange(last, 1, Bound);
        Assert.InRange(grown, long.MinValue, Bound);
    }

    private static async Task ReadAllAsync(Socket socket, long atLeast)
    {
        var buffer = new byte[256 * 1024];
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        for (var total = 0L; total < atLeast;)
        {
            var count = await socket.ReceiveAsync(buffer, deadline.Token);
            Assert.True(count > 0, $"the connection ended after {total} bytes");
            total += count;
        }
    }
}
