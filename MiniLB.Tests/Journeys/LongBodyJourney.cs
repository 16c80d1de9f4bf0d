using System.Globalization;
using System.Text;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys;

/// <summary>Long answers arrive byte for byte, whoever moves them, and leave nothing behind.</summary>
public sealed class LongBodyJourney
{
    private const int Longest = 6 << 20;
    private static readonly byte[] Bytes = Random(Longest);

    [Theory]
    [InlineData(32 * 1024)]
    [InlineData(40 * 1024 + 1)]
    [InlineData(64 * 1024)]
    [InlineData(72 * 1024)]
    [InlineData(1 << 20)]
    [InlineData(Longest)]
    public async Task Answers_ToManyAtOnce_AreWhole(int length)
    {
        await using var backend = Serving();
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);
        using var client = new HttpClient();

        await Parallel.ForEachAsync(Enumerable.Range(0, 32), new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (i, _) =>
            {
                var wanted = length - (i % 4);
                var got = await client.GetByteArrayAsync(new Uri(program.Url, $"/{wanted}"), CancellationToken.None);
                Assert.True(Bytes.AsSpan(0, wanted).SequenceEqual(got), $"{got.Length} of {wanted} bytes");
            });
    }

    [Fact]
    public async Task RequestsAfterLongAnswers_OnTheSameConnections_GetTheirOwn()
    {
        await using var backend = Serving();
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);
        await using var client = await RawConnection.OpenAsync(program.Url);

        foreach (var length in new[] { 300_000, 10, 100_000, 65_536, 1, 2_000_000 })
        {
            await client.SendAsync($"GET /{length} HTTP/1.1\r\nHost: h\r\n\r\n");
            var (_, body) = await client.ReadResponseAsync();
            Assert.Equal(Encoding.Latin1.GetString(Bytes, 0, length), body);
        }
    }

    [Fact]
    public async Task BytesBehindTheBody_AreNobodys()
    {
        await using var backend = new RawBackend(async (connection, _) =>
        {
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n");
            await connection.Socket.SendAsync(Bytes.AsMemory(0, 200_000));
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfake");
        });
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);
        await using var client = await RawConnection.OpenAsync(program.Url);

        for (var i = 0; i < 5; i++)
        {
            await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            Assert.Equal(Encoding.Latin1.GetString(Bytes, 0, 200_000), (await client.ReadResponseAsync()).Body);
        }
    }

    [Fact]
    public async Task BackendThatBreaksOff_CannotLookComplete()
    {
        await using var backend = new RawBackend(async (connection, _) =>
        {
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n");
            await connection.Socket.SendAsync(Bytes.AsMemory(0, 1_000_000));
            await connection.DisposeAsync();
        });
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);
        await using var client = await RawConnection.OpenAsync(program.Url);

        await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200", await client.ReadHeadAsync(), StringComparison.Ordinal);
        Assert.InRange((await client.ReadToEndAsync()).Length, 0, 1_000_000);
        await Eventually.True(
            () => program.Output.Contains("\"ended\":\"responseBodyBroken\"", StringComparison.Ordinal), "the log");
    }

    [Fact]
    public async Task ClientsThatLeaveHalfway_LeaveNoDescriptorsBehind()
    {
        await using var backend = Serving();
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);
        using var http = new HttpClient();
        await http.GetByteArrayAsync(new Uri(program.Url, $"/{Longest}"));
        // Each loop may keep a few pipes, with two ends each.
        var most = OpenFiles(program) + (Environment.ProcessorCount * 16 * 2) + 10;

        for (var round = 0; round < 20; round++)
        {
            var clients = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => RawConnection.OpenAsync(program.Url)));
            foreach (var client in clients)
            {
                client.Socket.ReceiveBufferSize = 16 * 1024;
                await client.SendAsync($"GET /{Longest} HTTP/1.1\r\nHost: h\r\n\r\n");
            }

            foreach (var client in clients)
            {
                await client.ReadHeadAsync();
                client.Reset();
            }
        }

        await Eventually.True(() => OpenFiles(program) <= most, "that they are closed", () => $"{OpenFiles(program)}");
        Assert.Equal(Bytes[..100], await http.GetByteArrayAsync(new Uri(program.Url, "/100")));
    }

    private static int OpenFiles(RunningProgram program) => Directory.GetFiles($"/proc/{program.Id}/fd").Length;

    private static byte[] Random(int length)
    {
        var bytes = new byte[length];
        new Random(7).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Answers with as many bytes as the path says.</summary>
    private static RawBackend Serving() => new(async (connection, head) =>
    {
        var length = int.Parse(head.Split(' ')[1].AsSpan(1), CultureInfo.InvariantCulture);
        await connection.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n");
        await connection.Socket.SendAsync(Bytes.AsMemory(0, length));
    });
}
