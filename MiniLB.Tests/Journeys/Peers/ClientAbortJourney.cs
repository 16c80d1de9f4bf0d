using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Threading.Channels;
using MiniLB.Tests.Journeys.Endurance;
using MiniLB.Tests.Journeys.Harness;
using Xunit.Abstractions;

namespace MiniLB.Tests.Journeys.Peers;

/// <summary>A client that leaves ends the work at the backend at once, and nobody is blamed for it.</summary>
[Collection(EnduranceGroup.Name)]
public sealed class ClientAbortJourney(ITestOutputHelper output)
{
    // Well above the failures in a row that would take a backend out of the rotation.
    private const int Rounds = 15;

    // Milliseconds; far below every time limit. Usually some five, on a busy machine more than 500.
    private const double AtOnce = 5_000;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private readonly Channel<bool> _arrived = Channel.CreateUnbounded<bool>();
    private readonly Channel<long> _gone = Channel.CreateUnbounded<long>();

    [Theory]
    [InlineData("waiting", "reset")]
    [InlineData("waiting", "end")]
    [InlineData("download", "reset")]
    [InlineData("download", "end")]
    [InlineData("upload", "reset")]
    [InlineData("upload", "end")]
    [InlineData("chunked", "reset")]
    [InlineData("chunked", "end")]
    public async Task ClientThatLeaves_ClosesTheBackendConnectionAndNobodyIsBlamed(string moment, string way)
    {
        await using var backend = new RawBackend(AnswerAsync);
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);
        await using var other = await RawConnection.OpenAsync(program.Url);
        var delays = new List<double>();
        for (var i = 0; i < Rounds; i++)
        {
            delays.Add(await LeaveAsync(program, moment, way == "reset"));
            await other.SendAsync("GET /fine HTTP/1.1\r\nHost: h\r\n\r\n");
            Assert.Equal("fine", (await other.ReadResponseAsync()).Body);
        }

        Figures.Say(output, string.Create(CultureInfo.InvariantCulture,
            $"client leaves, {moment}, by {way}: backend connection closed after "
            + $"p50 {Figures.Quantile(delays, 0.5):f1} ms, at most {delays.Max():f1} ms"));
        Assert.InRange(delays.Max(), 0, AtOnce);
        await NobodyIsBlamedAsync(program);
    }

    [Theory]
    [InlineData("waiting")]
    [InlineData("download")]
    public async Task StreamThatAnHttp2ClientCancels_ClosesTheBackendConnection(string moment)
    {
        await using var backend = new RawBackend(AnswerAsync);
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);
        using var client = new HttpClient
        {
            DefaultRequestVersion = new Version(2, 0),
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        for (var i = 0; i < Rounds; i++)
        {
            using var cancellation = new CancellationTokenSource();
            var answer = client.GetByteArrayAsync(new Uri(program.Url, moment), cancellation.Token);
            await _arrived.Reader.ReadAsync().AsTask().WaitAsync(Soon);
            var left = Stopwatch.GetTimestamp();
            await cancellation.CancelAsync();
            var gone = await _gone.Reader.ReadAsync().AsTask().WaitAsync(Soon);
            Assert.InRange(Stopwatch.GetElapsedTime(left, gone).TotalMilliseconds, 0, AtOnce);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        }

        Assert.Equal("fine", await client.GetStringAsync(new Uri(program.Url, "/fine")));
        await NobodyIsBlamedAsync(program);
    }

    private async Task AnswerAsync(RawConnection connection, string head)
    {
        if (head.Contains("/fine ", StringComparison.Ordinal))
        {
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine");
            return;
        }

        if (head.Contains("/download ", StringComparison.Ordinal))
        {
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\nthe first part");
        }
        else if (!head.Contains("/waiting ", StringComparison.Ordinal))
        {
            await connection.ReadThroughAsync("the first part");
        }

        _arrived.Writer.TryWrite(true);
        await connection.ReadToEndAsync();
        _gone.Writer.TryWrite(Stopwatch.GetTimestamp());
    }

    /// <summary>Milliseconds from the client's leaving to the backend's seeing it.</summary>
    private async Task<double> LeaveAsync(RunningProgram program, string moment, bool reset)
    {
        var client = await RawConnection.OpenAsync(program.Url);
        await client.SendAsync(moment switch
        {
            "upload" => "POST /upload HTTP/1.1\r\nHost: h\r\nContent-Length: 9999\r\n\r\nthe first part",
            "chunked" => "POST /chunked HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "e\r\nthe first part\r\n",
            _ => $"GET /{moment} HTTP/1.1\r\nHost: h\r\n\r\n",
        });
        await _arrived.Reader.ReadAsync().AsTask().WaitAsync(Soon);
        if (moment == "download")
        {
            await client.ReadThroughAsync("the first part");
        }

        var left = Stopwatch.GetTimestamp();
        if (reset)
        {
            client.Reset();
        }
        else
        {
            client.Socket.Shutdown(SocketShutdown.Both);
            await client.DisposeAsync();
        }

        var gone = await _gone.Reader.ReadAsync().AsTask().WaitAsync(Soon);
        return Stopwatch.GetElapsedTime(left, gone).TotalMilliseconds;
    }

    private static async Task NobodyIsBlamedAsync(RunningProgram program)
    {
        using var client = new HttpClient();
        Assert.Contains("\"alive\":1", await client.GetStringAsync(new Uri(program.Url, "/health")),
            StringComparison.Ordinal);
        Assert.DoesNotContain("is down", program.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("ejected", program.Errors, StringComparison.Ordinal);
        await Eventually.True(
            () => AccessLines.Of(program).Count(l => IsTheClients(l.GetProperty("ended").GetString())) == Rounds,
            $"{Rounds} lines that say so", () => program.Output + program.Errors);
        program.SaysNothingOfExceptions();
    }

    /// <summary>A body that ends too early by an orderly end may as well be taken for a malformed one.</summary>
    private static bool IsTheClients(string? ended) => ended is "clientGone" or "requestBodyInvalid";
}
