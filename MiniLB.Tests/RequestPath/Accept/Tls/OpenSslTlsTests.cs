using System.Buffers;
using System.IO.Pipelines;
using System.Security.Authentication;
using System.Text;

namespace MiniLB.Tests.RequestPath.Accept.Tls;

public sealed class OpenSslTlsTests
{
    [Theory]
    [InlineData(SslProtocols.Tls12, "TLSv1.2")]
    [InlineData(SslProtocols.Tls13, "TLSv1.3")]
    public async Task Handshake_InSingleBytes_Succeeds(SslProtocols protocol, string version)
    {
        await using var pair = new TlsPair(protocols: protocol, inBytes: true);

        await pair.ShakeHandsAsync("a.test", "h2");
        await pair.Client.WriteAsync("hello"u8.ToArray());

        Assert.Equal((version, "a.test"), (pair.Server.Session.Protocol, pair.Server.Session.ServerName));
        Assert.Equal(protocol, pair.Client.SslProtocol);
        Assert.Equal("hello", Encoding.Latin1.GetString(await pair.ServerReadsAsync(5)));
        await pair.Output.WriteAsync("world"u8.ToArray());
        Assert.Equal("world", Encoding.Latin1.GetString(await pair.ClientReadsAsync(5)));
    }

    [Fact]
    public async Task Ticket_LeavesWithTheAnswer_WhereTheRequestCameAlong()
    {
        var held = new Pipe();
        await using var pair = new TlsPair(protocols: SslProtocols.Tls13, held: held);
        var server = pair.ServerHandshakeAsync();
        var client = pair.ClientHandshakeAsync("a.test");
        await LetPassAsync(held, pair);
        await client;
        await pair.Client.WriteAsync("hello"u8.ToArray());
        Assert.False(server.IsCompleted);

        await LetPassAsync(held, pair);
        await server;

        Assert.False(pair.ToClient.Reader.TryRead(out _));
        Assert.Equal("hello", Encoding.Latin1.GetString(await pair.ServerReadsAsync(5)));
        await pair.Output.WriteAsync("world"u8.ToArray());
        var answer = await pair.ToClient.Reader.ReadAsync();
        pair.ToClient.Reader.AdvanceTo(answer.Buffer.Start);
        Assert.True(answer.Buffer.Length > 150, "no ticket"); // the answer alone is 27 bytes
        Assert.Equal("world", Encoding.Latin1.GetString(await pair.ClientReadsAsync(5)));
    }

    [Theory]
    [InlineData(true, "h2,http/1.1", "h2")]
    [InlineData(true, "http/1.1,h2", "h2")]
    [InlineData(true, "other,h2", "h2")]
    [InlineData(true, "http/1.1", "http/1.1")]
    [InlineData(false, "h2,http/1.1", "http/1.1")]
    [InlineData(false, "other,http/1.1", "http/1.1")]
    [InlineData(true, "", "")]
    public async Task Protocol_IsTheBestThatBothSpeak(bool http2, string offered, string chosen)
    {
        await using var pair = new TlsPair(http2);

        await pair.ShakeHandsAsync("a.test", offered.Split(',', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(chosen, pair.Client.NegotiatedApplicationProtocol.ToString());
        Assert.Equal(chosen == "h2", pair.Server.IsHttp2);
    }

    [Theory]
    [InlineData(false, "h2")]
    [InlineData(true, "h2c")]
    [InlineData(true, "http/1.0")]
    public async Task Handshake_WithoutACommonProtocol_FailsOnBothSides(bool http2, string offered)
    {
        await using var pair = new TlsPair(http2);
        var client = pair.ClientHandshakeAsync("a.test", offered);

        await Assert.ThrowsAsync<AuthenticationException>(pair.ServerHandshakeAsync);

        // By the alert that came, as nothing has ended.
        await Assert.ThrowsAsync<AuthenticationException>(() => client);
    }

    [Theory]
    [InlineData("a.test", "CN=a.test")]
    [InlineData("B.Test", "CN=b.test")]
    [InlineData("some.b.test", "CN=b.test")]
    [InlineData("other.test", "CN=a.test")]
    [InlineData("", "CN=a.test")]
    public async Task Certificate_IsThatOfTheNameTheClientWants(string name, string subject)
    {
        await using var pair = new TlsPair();

        await pair.ShakeHandsAsync(name);

        Assert.Equal(subject, pair.Shown);
        Assert.Equal(name.Length == 0 ? null : name, pair.Server.Session.ServerName);
    }

    [Fact]
    public async Task Handshake_WithOtherVersions_Fails()
    {
        await using var pair = new TlsPair(protocols: SslProtocols.Tls13);
        var client = pair.Client.AuthenticateAsClientAsync("a.test", null, SslProtocols.Tls12, false);

        await Assert.ThrowsAsync<AuthenticationException>(pair.ServerHandshakeAsync);
        await Assert.ThrowsAsync<AuthenticationException>(() => client.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    public async Task ClientThatGoes_DuringTheHandshake_IsNoClient(int sent)
    {
        await using var pair = new TlsPair();
        var hello = await HelloAsync();
        await pair.ToServer.Writer.WriteAsync(hello.AsMemory(0, sent));
        await pair.ToServer.Writer.CompleteAsync();

        await Assert.ThrowsAsync<IOException>(pair.ServerHandshakeAsync);
    }

    [Fact]
    public async Task ClientWhoseTimeIsOver_DuringTheHandshake_IsNotWaitedFor()
    {
        await using var pair = new TlsPair();
        var handshake = pair.ServerHandshakeAsync();

        pair.ToServer.Reader.CancelPendingRead();

        await Assert.ThrowsAsync<OperationCanceledException>(() => handshake);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0000\u0005nonsense")]
    [InlineData("\u0016\u0003\u0001\u00ff\u00ff")]
    public async Task Nonsense_InPlaceOfAHandshake_IsRefused(string sent)
    {
        await using var pair = new TlsPair();
        await pair.ToServer.Writer.WriteAsync(Encoding.Latin1.GetBytes(sent));

        var thrown = await Assert.ThrowsAsync<AuthenticationException>(pair.ServerHandshakeAsync);

        Assert.NotEqual("", thrown.Message);
    }

    [Fact]
    public async Task End_TellsTheClient()
    {
        await using var pair = await TlsPair.OpenAsync();
        await pair.Output.WriteAsync("last"u8.ToArray());

        await pair.Server.EndAsync();

        Assert.Equal("last", Encoding.Latin1.GetString(await pair.ClientReadsAsync(4)));
        // The pipe has not ended: it is what TLS says.
        Assert.Equal(0, await pair.Client.ReadAsync(new byte[1]).AsTask().WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task ClientThatBreaksTheRules_IsToldOnce()
    {
        await using var pair = await TlsPair.OpenAsync(SslProtocols.Tls12);
        await pair.ToServer.Writer.WriteAsync("\u0017\u0003\u0003\u0000\u0014aaaaaaaaaaaaaaaaaaaa"u8.ToArray());
        await Assert.ThrowsAsync<IOException>(() => pair.ServerReadsAsync(1));

        await pair.Server.EndAsync();

        Assert.True(pair.ToClient.Reader.TryRead(out var read));
        byte[] sent = [.. read.Buffer.FirstSpan];
        // One record: an alert.
        Assert.Equal((21, sent.Length), (sent[0], 5 + (sent[3] << 8) + sent[4]));
    }

    [Fact]
    public async Task End_ThatWasTold_IsNotToldAgain()
    {
        await using var pair = await TlsPair.OpenAsync(SslProtocols.Tls12);
        await pair.Server.EndAsync();
        Assert.Equal(0, await pair.Client.ReadAsync(new byte[1]).AsTask().WaitAsync(TimeSpan.FromSeconds(30)));

        await pair.Server.EndAsync();

        Assert.False(pair.ToClient.Reader.TryRead(out _));
    }

    private static async Task LetPassAsync(Pipe held, TlsPair pair)
    {
        var read = await held.Reader.ReadAsync();
        foreach (var piece in read.Buffer)
        {
            pair.ToServer.Writer.Write(piece.Span);
        }

        held.Reader.AdvanceTo(read.Buffer.End);
        await pair.ToServer.Writer.FlushAsync();
    }

    private static async Task<byte[]> HelloAsync()
    {
        await using var other = new TlsPair();
        _ = other.ClientHandshakeAsync("a.test").ContinueWith(
            t => t.Exception, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        var read = await other.ToServer.Reader.ReadAsync();
        byte[] hello = [.. read.Buffer.FirstSpan];
        other.ToServer.Reader.AdvanceTo(read.Buffer.End);
        return hello;
    }
}
