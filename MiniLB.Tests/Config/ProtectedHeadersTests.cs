using System.Text;
using MiniLB.Config;
using MiniLB.RequestPath.Forward;
using MiniLB.Wire;

namespace MiniLB.Tests.Config;

/// <summary>Configuration knows names as text, the wire as identities: both mean the same fields.</summary>
public sealed class ProtectedHeadersTests
{
    private static readonly string[] Known =
    [
        "Authorization", "Connection", "Content-Length", "Content-Type", "Cookie", "Date", "Expect", "Forwarded",
        "Host",
        "HTTP2-Settings", "Idempotency-Key", "Keep-Alive", "Max-Forwards", "Proxy-Authenticate",
        "Proxy-Authorization", "Proxy-Connection", "Referer", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "User-Agent", "Via",
        "WWW-Authenticate", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Request-Id",
    ];

    [Fact]
    public void Known_AreAllIdentities() => Assert.Equal(
        Enum.GetValues<FieldId>().Except(
            [FieldId.Other, FieldId.Forwarding, FieldId.ClientCertificate, FieldId.Added]), Known.Select(Id).Order());

    [Fact]
    public void FieldsThatEndAtThisHop_CannotBeChanged_InEitherDirection() => Assert.All(
        Known.Where(n => HeaderRules.EndsHere(Id(n))), name => Assert.True(
            ProtectedHeaders.Holds(ProtectedHeaders.OfRequests, name.ToLowerInvariant())
            && ProtectedHeaders.Holds(ProtectedHeaders.OfResponses, name.ToUpperInvariant()), name));

    [Fact]
    public void FieldsThatWeWrite_CannotBeChangedInRequests() => Assert.All(
        Known.Where(n => HeaderRules.IsOurs(Id(n))),
        name => Assert.True(ProtectedHeaders.Holds(ProtectedHeaders.OfRequests, name), name));

    [Fact]
    public void FieldsThatConnectionCannotTakeAway_CannotBeChanged()
    {
        Assert.All(["Host", "Content-Length", "Expect"],
            name => Assert.True(ProtectedHeaders.Holds(ProtectedHeaders.OfRequests, name), name));
        Assert.All(["Host", "Content-Length", "Date"],
            name => Assert.True(ProtectedHeaders.Holds(ProtectedHeaders.OfResponses, name), name));
    }

    private static FieldId Id(string name) => FieldNames.Identify(Encoding.ASCII.GetBytes(name));
}
