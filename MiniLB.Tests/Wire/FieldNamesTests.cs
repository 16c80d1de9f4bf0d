using MiniLB.Wire;

namespace MiniLB.Tests.Wire;

public sealed class FieldNamesTests
{
    private static readonly Dictionary<FieldId, string> Spelt = new()
    {
        [FieldId.Authorization] = "Authorization", [FieldId.Connection] = "Connection",
        [FieldId.ContentLength] = "Content-Length", [FieldId.ContentType] = "Content-Type",
        [FieldId.Cookie] = "Cookie", [FieldId.Date] = "Date", [FieldId.Expect] = "Expect",
        [FieldId.Forwarded] = "Forwarded", [FieldId.Host] = "Host",
        [FieldId.Http2Settings] = "HTTP2-Settings", [FieldId.KeepAlive] = "Keep-Alive",
        [FieldId.IdempotencyKey] = "Idempotency-Key",
        [FieldId.MaxForwards] = "Max-Forwards", [FieldId.ProxyAuthenticate] = "Proxy-Authenticate",
        [FieldId.ProxyAuthorization] = "Proxy-Authorization", [FieldId.ProxyConnection] = "Proxy-Connection",
        [FieldId.Referer] = "Referer", [FieldId.Te] = "TE", [FieldId.Trailer] = "Trailer",
        [FieldId.TransferEncoding] = "Transfer-Encoding", [FieldId.Upgrade] = "Upgrade",
        [FieldId.UserAgent] = "User-Agent", [FieldId.Via] = "Via", [FieldId.WwwAuthenticate] = "WWW-Authenticate",
        [FieldId.XForwardedFor] = "X-Forwarded-For", [FieldId.XForwardedHost] = "X-Forwarded-Host",
        [FieldId.XForwardedProto] = "X-Forwarded-Proto", [FieldId.XRequestId] = "X-Request-Id",
        [FieldId.Forwarding] = "X-Forwarded-Port",
        [FieldId.ClientCertificate] = "X-Client-Cert-Subject",
    };

    [Fact]
    public void EveryId_HasASpelling() => Assert.Equal(
        Enum.GetValues<FieldId>().Except([FieldId.Other, FieldId.Added]).Order(), Spelt.Keys.Order());

    [Fact]
    public void EveryId_FitsIntoTheBitsOfWhatIsPresent() =>
        Assert.All(Enum.GetValues<FieldId>(), id => Assert.InRange((int)id, 0, 31));

    [Fact]
    public void Name_IsRecognised_InAnyCase() => Assert.All(Spelt, pair =>
    {
        Assert.Equal(pair.Key, Identify(pair.Value));
        Assert.Equal(pair.Key, Identify(pair.Value.ToLowerInvariant()));
        Assert.Equal(pair.Key, Identify(pair.Value.ToUpperInvariant()));
    });

    // A letter more, a letter less, and a byte that differs in the bit which tells the case of letters.
    [Fact]
    public void Name_ThatIsNearlyAKnownOne_IsAnother() => Assert.All(Spelt, pair =>
    {
        if (pair.Key is FieldId.Forwarding or FieldId.ClientCertificate)
        {
            return; // a family of names
        }

        Assert.NotEqual(pair.Key, Identify(pair.Value + "s"));
        Assert.NotEqual(pair.Key, Identify(pair.Value[..^1]));
        Assert.NotEqual(pair.Key, Identify(pair.Value.Replace('-', '\r') + (pair.Value.Contains('-') ? "" : "-")));
        for (var i = 0; i < pair.Value.Length; i++)
        {
            var other = pair.Value.ToCharArray();
            other[i] = (char)(other[i] ^ 0x40);
            Assert.NotEqual(pair.Key, Identify(new string(other)));
        }
    });

    [Theory]
    [InlineData("X_Forwarded_For")]
    [InlineData("x-forwarded_host")]
    [InlineData("X_FORWARDED-PROTO")]
    [InlineData("X_Request_Id")]
    [InlineData("X_Real_IP")]
    [InlineData("X-Forwarded-P")]
    [InlineData("x-forwarded-client-cert-and-much-more-than-that")]
    public void Name_ThatSpeaksOfTheClient_IsForwarding(string name) =>
        Assert.Equal(FieldId.Forwarding, Identify(name));

    [Theory]
    [InlineData("X-Client-Cert-Fingerprint")]
    [InlineData("x_client_cert_subject")]
    [InlineData("X-CLIENT_cert-V")]
    public void Name_ThatSpeaksOfTheClientsCertificate_IsThatToo(string name) =>
        Assert.Equal(FieldId.ClientCertificate, Identify(name));

    [Fact]
    public void EmptyOrEndlessName_IsAnother()
    {
        Assert.Equal(FieldId.Other, Identify(""));
        Assert.Equal(FieldId.Other, Identify(new string('x', 100_000)));
    }

    private static FieldId Identify(string name) => FieldNames.Identify(Heads.Bytes(name));
}
