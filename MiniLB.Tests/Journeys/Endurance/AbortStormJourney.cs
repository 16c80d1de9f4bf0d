using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using MiniLB.Tests.Journeys.Harness;
using MiniLB.Tests.Journeys.Peers;
using Xunit.Abstractions;

namespace MiniLB.Tests.Journeys.Endurance;

/// <summary>A hundred thousand exchanges that the client breaks off leave nothing behind.</summary>
[Collection(EnduranceGroup.Name)]
public sealed class AbortStormJourney(ITestOutputHelper output)
{
    private const int Aborts = 100_000;
    private const int Clients = 16;

    private static readonly byte[] HalfAHead = "GET /stall HTTP/1.1\r\nHost: h\r\nX-Ha"u8.ToArray();
    private static readonly byte[] Get = "GET /stall HTTP/1.1\r\nHost: h\r\n\r\n"u8.ToArray();

    private static readonly byte[] HalfABody =
        [.. "POST /stall HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n"u8, .. new byte[2000]];

    private static readonly byte[] HalfAChunk =
        "POST /stall HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n8\r\nhal"u8.ToArray();

    [Fact]
    public async Task DescriptorsAndMemory_AreBackAfterwards()
    {
        await using var first = new StallingBackend();
        await using var second = new StallingBackend();
        await using var third = new StallingBackend();
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", first.Url, "--backend", second.Url, "--backend", third.Url,
            "--set", "accessLog.path=/dev/null");
        await StormAsync(program.Url, 4000); // what is needed once is there then
        await IsQuietAsync(program, first, second, third);
        var before = ProcessFigures.Descriptors(program.Id);
        await using var memory = new ResidentMemory(program.Id);
        var watch = Stopwatch.StartNew();

        await StormAsync(program.Url, Aborts);

        var took = watch.Elapsed;
        await IsQuietAsync(program, first, second, third);
        await Eventually.True(
            () => ProcessFigures.Descriptors(program.Id) <= before + 8, "the descriptors are back",
            () => $"{before} before, {ProcessFigures.Descriptors(program.Id)} now");
        var reached = first.Requests + second.Requests + third.Requests;
        Figures.Say(output, string.Create(CultureInfo.InvariantCulture,
            $"{Aborts} aborted exchanges in {took.TotalSeconds:f0} s, {reached} requests reached a backend: "
            + $"descriptors {before} before, {ProcessFigures.Descriptors(program.Id)} after, {memory}"));
        Assert.InRange(reached, Aborts / 4, 2 * Aborts);
        Assert.InRange(memory.Grown, 0, 64L << 20);
        Assert.DoesNotContain("is down", program.Errors, StringComparison.Ordinal);
        program.SaysNothingOfExceptions();
        using var client = new HttpClient();
        Assert.Equal("fine", await client.GetStringAsync(new Uri(program.Url, "/fine")));
    }

    [Fact]
    public async Task StreamsCancelledOverHttp2_LeaveNothingBehindEither()
    {
        await using var backend = new StallingBackend();
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--set", "accessLog.path=/dev/null",
            // What is kept for the next request is closed before the descriptors are counted.
            "--set", "pools.default.keepAlive.idle=1s");
        using var client = new HttpClient
        {
            DefaultRequestVersion = new Version(2, 0),
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        await CancelManyAsync(client, program.Url, 3_000);
        await IsQuietAsync(program, backend);
        var before = ProcessFigures.Descriptors(program.Id);
        await using var memory = new ResidentMemory(program.Id);

        await CancelManyAsync(client, program.Url, 10_000);

        await IsQuietAsync(program, backend);
        await Eventually.True(
            () => ProcessFigures.Descriptors(program.Id) <= before + 8, "the descriptors are back",
            () => $"{before} before, {ProcessFigures.Descriptors(program.Id)} now");
        Figures.Say(output, $"10000 streams cancelled over HTTP/2: {memory}");
        Assert.InRange(memory.Grown, 0, 64L << 20);
        program.SaysNothingOfExceptions();
        Assert.Equal("fine", await client.GetStringAsync(new Uri(program.Url, "/fine")));
    }

    /// <summary>Cancels streams while the request goes out, while the answer is waited for, and in
    /// mid-answer.</summary>
    private static Task CancelManyAsync(HttpClient client, Uri url, int streams) =>
        Task.WhenAll(Enumerable.Range(0, Clients).Select(async worker =>
        {
            for (var i = worker; i < streams; i += Clients)
            {
                await CancelAsync(client, url, i / Clients % 3);
            }
        }));

    private static async Task CancelAsync(HttpClient client, Uri url, int moment)
    {
        using var cancellation = new CancellationTokenSource();
        try
        {
            var answer = client.GetAsync(
                new Uri(url, "/stall"), HttpCompletionOption.ResponseHeadersRead, cancellation.Token);
            if (moment == 0)
            {
                await Task.Yield();
                await cancellation.CancelAsync();
            }

            using var response = await answer; // and left, in mid-answer
            if (moment == 1)
            {
                await response.Content.ReadAsStream().ReadExactlyAsync(new byte[500]);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // That was before the answer had come.
        }
    }

    /// <summary>Every backend has seen the other side leave.</summary>
    private static async Task IsQuietAsync(RunningProgram program, params StallingBackend[] backends)
    {
        await Eventually.True(() => backends.Sum(b => b.Open) <= 6, "the backend connections are closed",
            () => $"{backends.Sum(b => b.Open)} are open, {ProcessFigures.Descriptors(program.Id)} descriptors");
    }

    private static Task StormAsync(Uri url, int aborts) => Task.WhenAll(Enumerable.Range(0, Clients).Select(client =>
        Task.Factory.StartNew(
            () =>
            {
                var target = new IPEndPoint(IPAddress.Loopback, url.Port);
                for (var i = client; i < aborts; i += Clients)
                {
                    Abort(target, (i / Clients) % 10);
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

    private static void Abort(IPEndPoint target, int kind)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.ReceiveTimeout = 30_000;
        // Mostly resets: an orderly end leaves a port behind for a minute, and there are not as many ports.
        socket.LingerState = new LingerOption(kind != 9, 0);
        socket.Connect(target);
        switch (kind)
        {
            case 0:
                break; // nothing at all
            case 1:
                socket.Send(HalfAHead);
                break;
            case 2:
            case 3:
                socket.Send(Get); // gone before, or while, it is passed on
                break;
            case 4:
                socket.Send(HalfABody);
                break;
            case 5:
                socket.Send(HalfAChunk);
                break;
            default:
                socket.Send(kind == 6 ? HalfABody : Get); // in mid-answer
                Assert.True(socket.Receive(new byte[512]) > 0, "the answer has no beginning");
                break;
        }
    }
}
