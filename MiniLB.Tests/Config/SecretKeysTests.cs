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
    [InlineData("set", "X-Env", false)]
    [InlineData("stickySession", "cookie", false)]
    [InlineData("hash", "key", false)]
    [InlineData("tls", "key", false)]
    public void Key_IsHiddenByWhatItsNameEndsIn(string map, string key, bool isHidden) =>
        Assert.Equal(isHidden, SecretKeys.Hides(map, key));
}
