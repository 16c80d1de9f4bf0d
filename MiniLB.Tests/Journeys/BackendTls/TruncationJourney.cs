using System.Net.Security;
using System.Text;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.BackendTls;

/// <summary>A response that was cut off on its way through TLS never looks complete to the client.</summary>
public sealed class TruncationJourney : IDisposable
{
    private readonly TestCertificates _ours = new();

    public void Dispose() => _ours.Dispose();

    [Theory]
    [InlineData("Content-Length: 100\r\n\r\nhalf", true)]
    [InlineData("Content-Length: 100\r\n\r\nhalf", false)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", true)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", false)]
    [InlineData("\r\nhalf", false)] // its length is told by the end of the connection
    public async Task AnswerThatIsCutOff_BreaksTheClients(string answer, bool saysEnd)
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var backend = new TlsBackend(
            _ours.Server("127.0.0.1"), (tls, _) => AnswerAsync(tls, answer, saysEnd, arrived.Task));
        await using var program = await StartAsync(backend.Url);
        await using var client = await RawConnection.OpenAsync(program.Url);

        await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        Assert.StartsWith(
            "HTTP/1.1 200", await client.ReadThroughAsync("half"), StringComparison.Ordinal);
        arrived.SetResult();
        var rest = await client.ReadToEndAsync();

        Assert.DoesNotContain("0\r\n\r\n", rest, StringComparison.Ordinal);
        await Eventually.True(() => program.Output.Contains("responseBodyBroken", StringComparison.Ordinal),
            "the access log", () => program.Output);
    }

    [Fact]
    public async Task AnswerThatEndsWithTheEndOfTls_IsWhole()
    {
        await using var backend = new TlsBackend(
            _ours.Server("127.0.0.1"), (tls, _) => AnswerAsync(tls, "\r\nwhole", saysEnd: true, Task.CompletedTask));
        await using var program = await StartAsync(backend.Url);
        using var client = new HttpClient();

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("whole", await client.GetStringAsync(program.Url));
        }
    }

    private static async Task AnswerAsync(SslStream tls, string answer, bool saysEnd, Task end)
    {
        await tls.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\n" + answer));
        await end;
        if (saysEnd)
        {
            await tls.ShutdownAsync();
        }
    }

    private Task<RunningProgram> StartAsync(string url) => RunningProgram.BalanceAsync(
        "--backend", url, "--set", $"pools.default.tls.ca={_ours.Ca}",
        "--set", "pools.default.healthCheck.enabled=false");
}
