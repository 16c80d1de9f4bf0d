using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Tls;

/// <summary>What does not become a TLS connection costs nothing for long, and hinders nobody.</summary>
public sealed class HandshakeJourney
{
    [Fact]
    public async Task PlainHttp_IsToldThatThisIsTls()
    {
        await using var rig = await TlsRig.StartAsync();
        await using var stream = await rig.ConnectAsync();

        await stream.WriteAsync("GET / HTTP/1.1\r\nHost: site.test\r\n\r\n"u8.ToArray());
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var answer = await reader.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 400 Bad Request\r\n", answer, StringComparison.Ordinal);
        var (head, body) = (answer.Split("\r\n\r\n")[0], answer.Split("\r\n\r\n")[1]);
        Assert.Contains($"\r\nContent-Length: {body.Length}\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\"type\":\"urn:minilb:problem:tls-required\"", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\u0016\u0003\u0001\u0000\u0005\u0001\u0000\u0000\u0001\u0000")] // a ClientHello of nothing
    [InlineData("\u0016\u0003\u0003\u00ff\u00ff\u0000\u0000")] // a record that is too long
    [InlineData("\u0016garbage garbage garbage garbage garbage")]
    public async Task Garbage_IsRefused_AndOthersAreServed(string sent)
    {
        await using var rig = await TlsRig.StartAsync();
        await using var stream = await rig.ConnectAsync();

        await stream.WriteAsync(Encoding.Latin1.GetBytes(sent));
        stream.Socket.Shutdown(SocketShutdown.Send);
        await UntilEndAsync(stream);

        Assert.Equal("hello", (await rig.CurlAsync("/")).Output);
        await Eventually.True(async () => (await rig.MetricsAsync()).Contains(
            "minilb_refusals_total{reason=\"tls_handshake\"} 1\n", StringComparison.Ordinal), "the refusal is counted");
    }

    [Theory]
    [InlineData("")]
    [InlineData("\u0016\u0003\u0001")]
    public async Task Silence_EndsWithTheHandshakeTimeout(string sent)
    {
        await using var rig = await TlsRig.StartAsync(tls: ", \"handshakeTimeout\": \"3s\"");
        await using var stream = await rig.ConnectAsync();

        await stream.WriteAsync(Encoding.Latin1.GetBytes(sent));
        await UntilEndAsync(stream);

        Assert.Equal("hello", (await rig.CurlAsync("/")).Output);
    }

    [Fact]
    public async Task Connection_OfWhomeverOnlyLooks_IsNoRefusal()
    {
        await using var rig = await TlsRig.StartAsync();
        await using (var stream = await rig.ConnectAsync())
        {
            stream.Socket.Shutdown(SocketShutdown.Send);
            await UntilEndAsync(stream);
        }

        Assert.Contains("minilb_refusals_total{reason=\"tls_handshake\"} 0\n", await rig.MetricsAsync(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_AnswersWhatIsInFlight_AndEndsHandshakesThatGoNowhere()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var rig = await TlsRig.StartAsync(async c =>
        {
            begun.TrySetResult();
            await go.Task;
            await c.Response.WriteAsync("late");
        });
        await using var silent = await rig.ConnectAsync();
        await silent.WriteAsync(new byte[] { 22, 3, 1 });
        using var client = rig.Client();
        var answer = client.GetStringAsync(new Uri(rig.Program.Url, "/"));
        await begun.Task;

        rig.Program.Signal("TERM");
        await rig.Program.SaysAsync("stopping:");
        go.TrySetResult();

        Assert.Equal("late", await answer);
        Assert.Equal(0, await rig.Program.WaitForEndAsync());
    }

    private static async Task UntilEndAsync(NetworkStream stream)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var buffer = new byte[4096];
        try
        {
            while (await stream.ReadAsync(buffer, deadline.Token) > 0)
            {
                // An alert, perhaps.
            }
        }
        catch (IOException)
        {
            // A reset is an end too.
        }
    }
}
