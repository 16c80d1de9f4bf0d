using MiniLB.Config.Options;
using MiniLB.RequestPath.Accept.Tls;
using MiniLB.Tests.Certificates;
using MiniLB.Transport.OpenSsl;

namespace MiniLB.Tests.Transport.OpenSsl;

public sealed class SslSessionTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly ListenerContexts _contexts;
    private readonly List<byte> _sent = [];

    public SslSessionTests()
    {
        var certificate = new KeyedCertificate("a.pem", _authority.Issue("CN=a", ["a"]).WithKey(), [], "1");
        _contexts = new ListenerContexts(
            new ListenerTlsOptions { Certificates = new CertificateTable([certificate]) }, http2: true);
    }

    [Fact]
    public void Handshake_OfNothing_NeedsInput_AndSaysNothing()
    {
        using var session = new SslSession(_contexts);

        Assert.Equal(SslOutcome.NeedsInput, session.Handshake([], out var consumed, Send));

        Assert.Equal(0, consumed);
        Assert.Empty(_sent);
        Assert.Null(session.Problem);
    }

    [Fact]
    public void Handshake_OfNonsense_Fails_SaysWhy_AndAllFailsFromThenOn()
    {
        using var session = new SslSession(_contexts);

        Assert.Equal(SslOutcome.Failed, session.Handshake("GET / HTTP/1.1\r\n\r\n"u8, out _, Send));

        Assert.Contains("request", session.Problem, StringComparison.OrdinalIgnoreCase);
        _sent.Clear();
        Assert.False(session.TryWrite("a"u8, Send));
        Assert.Equal(SslOutcome.Failed, session.Read([], out _, new byte[10], out var count));
        Assert.Equal(0, count);
        session.End(Send);
        Assert.Empty(_sent);
    }

    [Fact]
    public void Failure_OfOneSession_IsNotTakenForThatOfAnother()
    {
        using var broken = new SslSession(_contexts);
        using var sound = new SslSession(_contexts);
        Assert.Equal(SslOutcome.Failed, broken.Handshake("nonsense"u8, out _, Send));

        Assert.Equal(SslOutcome.NeedsInput, sound.Handshake([22, 3, 1], out var consumed, Send));

        Assert.Equal(3, consumed);
        Assert.Null(sound.Problem);
    }

    [Fact]
    public void DisposedSession_FailsInEveryWay_AndSaysNothing()
    {
        var session = new SslSession(_contexts);
        session.Dispose();
        session.Dispose();

        Assert.Equal(SslOutcome.Failed, session.Handshake([22], out _, Send));
        Assert.Equal(SslOutcome.Failed, session.Read([23], out _, new byte[10], out _));
        Assert.False(session.TryWrite("a"u8, Send));
        session.End(Send);
        Assert.Empty(_sent);
    }

    [Fact]
    public void End_OfASessionThatHasEnded_SaysNothing_WhateverOthersSaidMeanwhile()
    {
        using var ended = new SslSession(_contexts);
        using var other = new SslSession(_contexts);
        ended.End(Send);
        Assert.Equal(SslOutcome.Failed, other.Handshake([22, 3, 1, 0, 4, 1, 0, 0, 0], out _, Send));
        Assert.NotEmpty(_sent);
        _sent.Clear();

        ended.End(Send);

        Assert.Empty(_sent);
    }

    public void Dispose() => _authority.Dispose();

    private void Send(ReadOnlySpan<byte> bytes) => _sent.AddRange(bytes);
}
