using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using MiniLB.Tests.Journeys.Endurance;
using MiniLB.Tests.Journeys.Harness;
using Xunit.Abstractions;

namespace MiniLB.Tests.Journeys.Peers;

/// <summary>A server-sent event reaches the client as soon as the backend writes it.</summary>
[Collection(EnduranceGroup.Name)]
public sealed class EventStreamJourney(ITestOutputHelper output)
{
    private const int Events = 200;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(3);

    [Theory]
    [InlineData("Transfer-Encoding: chunked")]
    [InlineData("Connection: close")]
    public async Task EachEvent_ReachesTheClientWithinMilliseconds(string framing)
    {
        var written = new ConcurrentQueue<long>();
        await using var backend = new RawBackend(async (connection, _) =>
        {
            await connection.SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n{framing}\r\n\r\n");
            for (var i = 0; i < Events; i++)
            {
                await Task.Delay(Pace);
                var line = $"data: event {i.ToString("D4", CultureInfo.InvariantCulture)}\n\n";
                written.Enqueue(Stopwatch.GetTimestamp());
                await connection.SendAsync(
                    framing.EndsWith("chunked", StringComparison.Ordinal) ? $"{line.Length:x}\r\n{line}\r\n" : line);
            }
        });
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);

        var direct = Delays(await ReceiveAsync(new Uri(backend.Url)), written);
        var balanced = Delays(await ReceiveAsync(program.Url), written);

        var (median, late) = (Figures.Quantile(balanced, 0.5), Figures.Quantile(balanced, 0.95));
        Figures.Say(output, string.Create(CultureInfo.InvariantCulture,
            $"event delay, {framing}: p50 {median:f3} ms, p95 {late:f3} ms, of which without a balancer "
            + $"p50 {Figures.Quantile(direct, 0.5):f3} ms, p95 {Figures.Quantile(direct, 0.95):f3} ms"));
        Assert.InRange(median, 0, 50);
    }

    /// <summary>The moments in which the events had arrived; read by a thread of its own, so that only the way
    /// counts.</summary>
    private static Task<long[]> ReceiveAsync(Uri url) => Task.Factory.StartNew(
        () =>
        {
            using var socket = new System.Net.Sockets.Socket(
                System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp) { ReceiveTimeout = 30_000 };
            socket.Connect(url.Host, url.Port);
            socket.Send("GET /events HTTP/1.1\r\nHost: h\r\n\r\n"u8);
            var moments = new List<long>();
            var text = new StringBuilder();
            var buffer = new byte[4096];
            while (moments.Count < Events)
            {
                var count = socket.Receive(buffer);
                Assert.True(count > 0, $"the stream ended after {moments.Count} events");
                text.Append(Encoding.Latin1.GetString(buffer, 0, count));
                while (text.ToString().Contains($"event {moments.Count:D4}\n\n", StringComparison.Ordinal))
                {
                    moments.Add(Stopwatch.GetTimestamp());
                }
            }

            return moments.ToArray();
        },
        CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static double[] Delays(long[] received, ConcurrentQueue<long> written)
    {
        var delays = received.Zip(written, (r, w) => Stopwatch.GetElapsedTime(w, r).TotalMilliseconds).ToArray();
        Assert.Equal(Events, delays.Length);
        written.Clear();
        return delays;
    }
}
