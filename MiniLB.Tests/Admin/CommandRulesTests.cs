using MiniLB.Admin;
using MiniLB.Config.Options;

namespace MiniLB.Tests.Admin;

public sealed class CommandRulesTests
{
    [Theory]
    [InlineData("localhost:9901", null, 0)]
    [InlineData("localhost:9901", "http://localhost:9901", 0)]
    [InlineData("localhost:9901", "http://127.0.0.1:9901", 0)]
    [InlineData("[::1]:9901", "http://[::1]:9901", 0)]
    [InlineData("ops.test:9901", "http://OPS.test:9901", 0)]
    [InlineData("ops.test", "http://ops.test", 0)]
    [InlineData("localhost:8000", "http://localhost:8000", 0)] // through a forwarded port
    [InlineData("localhost:9901", "http://localhost:3000", 403)]
    [InlineData("localhost:9901", "http://localhost", 403)]
    [InlineData("localhost:9901", "https://localhost:9901", 403)]
    [InlineData("localhost:9901", "http://evil.test:9901", 403)]
    [InlineData("localhost:9901", "http://localhost.evil.test:9901", 403)]
    [InlineData("localhost:9901", "http://localhost:9901.evil.test", 403)]
    [InlineData("localhost:9901", "http://evil.test@localhost:9901", 403)]
    [InlineData("localhost:9901", "http://localhost:9901/", 403)]
    [InlineData("localhost:9901", "http://localhost:9901/path", 403)]
    [InlineData("localhost:9901", "http://localhost:9901, http://localhost:9901", 403)]
    [InlineData("localhost:9901", "null", 403)]
    [InlineData("localhost:9901", "", 403)]
    [InlineData("localhost:9901", "localhost:9901", 403)]
    public void Origin_HasToBeTheAddressThatIsAsked(string host, string? origin, int status) =>
        Assert.Equal(status, Status(new CommandHead("http", host, "application/json", origin, null)));

    [Theory]
    [InlineData(null, 0)]
    [InlineData("same-origin", 0)]
    [InlineData("none", 0)]
    [InlineData("same-site", 403)]
    [InlineData("cross-site", 403)]
    [InlineData("none, cross-site", 403)]
    [InlineData("", 403)]
    public void FetchSite_HasToBeOurs(string? site, int status)
    {
        var head = new CommandHead("http", "localhost", "application/json", null, site);

        Assert.Equal(status, Status(head));
        Assert.Equal(status, CommandRules.RefuseOtherSite(head)?.Status ?? 0);
    }

    [Theory]
    [InlineData("application/json", 0)]
    [InlineData("Application/JSON; charset=utf-8", 0)]
    [InlineData("application/json ;", 0)]
    [InlineData(null, 415)]
    [InlineData("", 415)]
    [InlineData("text/plain", 415)]
    [InlineData("text/plain; application/json", 415)]
    [InlineData("text/plain, application/json", 415)]
    [InlineData("application/json, text/plain", 415)]
    [InlineData("application/jsonx", 415)]
    [InlineData("application/x-www-form-urlencoded", 415)]
    public void ContentType_HasToBeJson(string? type, int status) =>
        Assert.Equal(status, Status(new CommandHead("http", "localhost", type, null, null)));

    private static int Status(CommandHead head) =>
        CommandRules.Refuse(head, new AdminOptions { Hosts = ["ops.test"] })?.Status ?? 0;
}
