namespace MiniLB.Tests.Config;

public sealed class AdminBinderTests
{
    private const string Reachable = " can be reached from other machines, which needs admin.token; "
        + "without one it is a loopback host:port, unix:/path or off";

    private const string Token = "at least 16 printable ASCII characters without blanks, "
        + "such as `openssl rand -hex 32` makes";

    [Theory]
    [InlineData("\"address\": \":9901\"", "22 admin.address: ':9901'" + Reachable)]
    [InlineData("\"address\": \"10.0.0.1:9901\", \"token\": null", "22 admin.address: '10.0.0.1:9901'" + Reachable)]
    [InlineData("\"address\": \"nowhere\"", "22 admin.address: 'nowhere' is not host:port, :port, [::1]:port or "
        + "unix:/path, the host being an address or localhost, or off")]
    [InlineData("\"token\": \"short-but-secret\", \"tokne\": 1",
        "40 admin.tokne: unknown key; did you mean 'token'?")]
    [InlineData("\"token\": \"only-15-letters\"", "20 admin.token: the value is not " + Token)]
    [InlineData("\"token\": \"with blanks in between\"", "20 admin.token: the value is not " + Token)]
    [InlineData("\"token\": \"sixteen-and-more-\\u00e4\"", "20 admin.token: the value is not " + Token)]
    [InlineData("\"token\": \"\"", "20 admin.token: the value is not " + Token)]
    [InlineData("\"token\": [\"0123456789abcdef\"]", "20 admin.token: expected " + Token + ", found a list")]
    [InlineData("\"address\": \":9901\", \"token\": \"too-short\"", "40 admin.token: the value is not " + Token)]
    [InlineData("\"hosts\": [\"a:80\"]", "21 admin.hosts[0]: 'a:80' is not a host name without a port")]
    [InlineData("\"mode\": \"600x\"", "19 admin.mode: '600x' is not three octal digits such as \"0600\"")]
    [InlineData("\"mode\": \"1777\"", "19 admin.mode: '1777' is not three octal digits such as \"0600\"")]
    [InlineData("\"mode\": 60", "19 admin.mode: '60' is not three octal digits such as \"0600\"")]
    [InlineData("\"publicMetrics\": 1", "28 admin.publicMetrics: '1' is not true or false")]
    public void Value_ThatDoesNotFit_IsExactlyThisLine(string keys, string error) =>
        Assert.Equal(["minilb.json:2:" + error], Configured.ByLine("\"admin\": {" + keys + "}").Errors);

    [Theory]
    [InlineData("127.0.0.1:9901")]
    [InlineData("[::1]:9901")]
    [InlineData("unix:/run/minilb.sock")]
    [InlineData("off")]
    public void Address_OfThisMachine_NeedsNoToken(string address) => Assert.Null(
        Configured.Good(Configured.ByLine($"\"admin\": {{\"address\": \"{address}\"}}")).Admin.Token);

    [Theory]
    [InlineData(":9901")]
    [InlineData("0.0.0.0:9901")]
    [InlineData("[fd00::1]:9901")]
    public void Address_OfAnyKind_IsTakenWithAToken(string address)
    {
        var admin = Configured.Good(Configured.ByLine(
            $"\"admin\": {{\"address\": \"{address}\", \"token\": \"0123456789abcdef\"}}")).Admin;

        Assert.Equal((address, "0123456789abcdef"), (admin.Address!.Text, admin.Token));
    }
}
