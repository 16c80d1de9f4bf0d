using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace MiniLB.RequestPath.Accept;

/// <summary>Tells Kestrel that a connection is encrypted and speaks HTTP/2: the scheme of its requests is then
/// https.</summary>
internal sealed class KestrelTlsFeature : ITlsConnectionFeature, ITlsApplicationProtocolFeature
{
    /// <summary>Nobody asks for it: see <see cref="State.ClientConnection.Tls"/>.</summary>
    public X509Certificate2? ClientCertificate { get; set; }

    public ReadOnlyMemory<byte> ApplicationProtocol => SslApplicationProtocol.Http2.Protocol;

    public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) =>
        Task.FromResult(ClientCertificate);
}
