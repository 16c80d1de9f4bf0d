using System.Collections.Concurrent;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using MiniLB.Config.Options;

namespace MiniLB.Transport;

/// <summary>Secures connections to the backends of one pool, and says in words what is wrong with those that cannot
/// be.</summary>
/// <param name="options">The pool's.</param>
/// <param name="http">What may be spoken: the backend is offered no more (ALPN, RFC 7301).</param>
internal sealed class BackendTls(BackendTlsOptions options, BackendProtocol http)
{
    // One for each name: the pool's one, or those of its URLs.
    private readonly ConcurrentDictionary<string, SslClientAuthenticationOptions> _byName = [];

    public BackendTlsOptions Options => options;

    /// <param name="stream">Connected to the backend; its owner from now on.</param>
    /// <param name="host">What the backend is called: the host of its URL, or the name that it was found by.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="AuthenticationException">The message says what is wrong.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async Task<BackendTlsStream> SecureAsync(
        Stream stream, string host, CancellationToken cancellationToken)
    {
        var watch = new EndWatch(stream) { IsShakingHands = true };
        var tls = new BackendTlsStream(watch, options);
        try
        {
            await tls.AuthenticateAsClientAsync(
                _byName.GetOrAdd(options.ServerName ?? host, MadeFor), cancellationToken);
            watch.IsShakingHands = false;
        }
        catch (AuthenticationException e)
        {
            await tls.DisposeAsync();
            throw new AuthenticationException(Reason(tls, e), e.InnerException is null ? null : e);
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }

        if (http == BackendProtocol.Http2 && tls.NegotiatedApplicationProtocol != SslApplicationProtocol.Http2)
        {
            await tls.DisposeAsync();
            throw new AuthenticationException("it does not agree to HTTP/2 (ALPN), which this pool wants (http)");
        }

        return tls;
    }

    /// <returns>What is wrong with an exception of the handshake, in words.</returns>
    public static string? Describe(Exception exception)
    {
        for (Exception? e = exception; e is not null; e = e.InnerException)
        {
            if (e is AuthenticationException)
            {
                return e.Message;
            }
        }

        return TlsAlertRules.Describe(exception);
    }

    // Where nothing stands behind it, it could make nothing of the first bytes.
    private static string Reason(BackendTlsStream tls, AuthenticationException e) =>
        tls.Problem ?? TlsAlertRules.Describe(e)
        ?? (e.InnerException is null ? $"it does not speak TLS: {e.Message}" : e.Message);

    // Made once: what a connection needs of it is copied by it.
    private SslClientAuthenticationOptions MadeFor(string name)
    {
        var material = TlsMaterial.Of(options);
        return new SslClientAuthenticationOptions
        {
            TargetHost = name,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ApplicationProtocols = http switch
            {
                BackendProtocol.Http2 => [SslApplicationProtocol.Http2],
                BackendProtocol.Auto => [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
                _ => [SslApplicationProtocol.Http11],
            },
            CertificateChainPolicy = material.Policy,
            ClientCertificateContext = material.Certificate,
            RemoteCertificateValidationCallback = (stream, certificate, chain, errors) =>
                Accepts((BackendTlsStream)stream, name, certificate as X509Certificate2, chain, errors),
        };
    }

    private bool Accepts(
        BackendTlsStream stream, string name, X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None || !options.Verify)
        {
            return true;
        }

        stream.Problem = certificate is null
            ? "it shows no certificate"
            : CertificateProblem.Describe(certificate, chain, errors, name, options);
        return false;
    }
}
