using System.Security.Authentication;
using System.Security.Cryptography;
using MiniLB.Transport;

namespace MiniLB.Tests.Transport;

public sealed class TlsAlertRulesTests
{
    [Theory]
    [InlineData(0x0A00045C, "it wants a client certificate (tls.certificate, tls.key)", true)]
    [InlineData(0x1409445C, "it wants a client certificate (tls.certificate, tls.key)", true)] // OpenSSL 1.1
    [InlineData(0x0A000418, "it does not accept the client certificate: its authority is unknown there", true)]
    [InlineData(0x0A000415, "it does not accept the client certificate: expired", true)]
    [InlineData(0x0A00042E, "it speaks neither TLS 1.2 nor TLS 1.3", true)]
    [InlineData(0x0A000460, "it agrees to no version of HTTP that this pool may speak (http)", true)]
    [InlineData(0x0A00010B, "it does not speak TLS", false)]
    [InlineData(0x0A000438, "it refuses TLS with alert 80", false)] // internal error: it may come at any time
    [InlineData(0x0A000086, null, false)] // certificate verify failed: ours
    [InlineData(0x0B00045C, null, false)] // not the SSL library's
    public void Code_OfOpenSsl_IsSaidInWords(int code, string? words, bool isRefusal)
    {
        // As SslStream has it: the reason stands two deep.
        var exception = new AuthenticationException("see inner", new IOException("x", new Coded(code)));

        Assert.Equal(words, TlsAlertRules.Describe(exception));
        Assert.Equal(isRefusal, TlsAlertRules.IsRefusal(exception));
    }

    [Fact]
    public void Exception_OfAnotherKind_IsNone()
    {
        Assert.Null(TlsAlertRules.Describe(new IOException("reset")));
        Assert.Null(TlsAlertRules.Describe(null));
        Assert.False(TlsAlertRules.IsRefusal(new IOException("reset", new InvalidOperationException())));
    }

    private sealed class Coded : CryptographicException
    {
        public Coded(int code) => HResult = code;
    }
}
