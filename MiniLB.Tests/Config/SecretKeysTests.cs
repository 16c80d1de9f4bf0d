using MiniLB.Config;

namespace MiniLB.Tests.Config;

public sealed class SecretKeysTests
{
    [Theory]
    [InlineData("stickySession", "secret", true)]
    [InlineData("admin", "token", true)]
    [InlineData("headers", "Authorization", true)]
    [InlineData("headers", "proxy-authorization", true)]
    [InlineData("headers", "Cookie", true)]
    [InlineData("set", "Set-Cookie", true)]
    [InlineData("add", "X-Api-Key", true)]
    [InlineData("set", "X-Auth-Token", true)]
    [InlineData("set", "Ocp-Apim-Subscription-Key", true)]
    [InlineData("set", "X-Env", false)]
    [InlineData("stickySession", "cookie", false)]
    [InlineData("hash", "key", false)]
    [InlineData("tls", "key", false)]
    public void Key_IsHiddenByWhatItsNameEndsIn(string map, string key, bool isHidden) =>
        Assert.Equal(isHidden, SecretKeys.Hides(map, key));

    [Theory]
    [InlineData("backends", "url", "http://10.0.0.1:8080", "http://10.0.0.1:8080")]
    [InlineData("backends", "url", "http://user:pass@a/", "http://(secret)@a/")]
    [InlineData("backends", "url", "//user:pa@ss@a", "//(secret)@a")]
    [InlineData("backends", "url", "http://user:pa/ss@a", "http://(secret)@a")]
    [InlineData("tracing", "otlp", "http://user:pass@a/v1?key=1", "http://(secret)@a/v1?(secret)")]
    [InlineData("tracing", "otlp", "http://a/v1/traces", "http://a/v1/traces")]
    [InlineData("healthCheck", "path", "/healthz?deep=1", "/healthz?deep=1")]
    [InlineData("set", "Authorization", "Basic x", "(secret)")]
    public void Value_IsShownWithoutWhatIsSecretInIt(string map, string key, string text, string shown) =>
        Assert.Equal(shown, SecretKeys.Shown(map, key, text));

    [Theory]
    [InlineData("\"admin\": {\"token\": \"PLANTED\"}")]
    [InlineData("\"admin\": {\"token\": [\"PLANTED\"]}")]
    [InlineData("\"tracing\": {\"otlp\": \"https://PLANTED:x@a/?PLANTED\"}")]
    [InlineData("\"headers\": {\"request\": {\"set\": {\"Authorization\": \"PLANTED\\n\"}}}")]
    [InlineData("\"headers\": {\"request\": {\"set\": \"Authorization: PLANTED\"}}")]
    [InlineData("\"headers\": {\"response\": {\"add\": {\"Set-Cookie\": \" PLANTED\"}}}")]
    [InlineData("\"pools\": {\"a\": {\"backends\": [\"http://u:PLANTED@a\"]}}")]
    [InlineData("\"pools\": {\"a\": {\"backends\": [{\"url\": \"ftp://PLANTED@a\"}]}}")]
    [InlineData("\"pools\": {\"a\": {\"backends\": \"http://u:PLANTED@a\"}}")]
    [InlineData("\"pools\": {\"a\": {\"stickySession\": \"PLANTED\"}}")]
    [InlineData("\"pools\": {\"a\": {\"healthCheck\": {\"headers\": {\"X.Api-Key\": \"PLANTED\\t\"}}}}")]
    [InlineData("\"pools\": {\"a\": {\"healthCheck\": {\"headers\": \"Authorization: PLANTED\"}}}")]
    [InlineData("\"routes\": [{\"headers\": {\"Cookie\": \"PLANTED\\n\"}}]")]
    public void WrongValue_ThatIsSecret_IsNotInItsErrorLine(string json)
    {
        var errors = Configured.By("{" + json + "}").Errors;

        Assert.NotEmpty(errors);
        Assert.DoesNotContain("PLANTED", string.Join('\n', errors), StringComparison.Ordinal);
    }
}
