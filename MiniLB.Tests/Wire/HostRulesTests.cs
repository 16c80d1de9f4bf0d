using MiniLB.Wire;

namespace MiniLB.Tests.Wire;

public sealed class HostRulesTests
{
    [Theory]
    [InlineData("GET / HTTP/1.1", "Host: a", true)]
    [InlineData("GET / HTTP/1.1", "Host:", true)]
    [InlineData("GET / HTTP/1.1", "", false)]
    [InlineData("GET / HTTP/1.1", "Host: a|Host: a", false)]
    [InlineData("GET / HTTP/1.1", "Host: a, b c", false)]
    [InlineData("GET / HTTP/1.1", "Host: a/b", false)]
    [InlineData("GET / HTTP/1.1", "Host: u@a", false)]
    [InlineData("GET / HTTP/1.0", "", true)]
    [InlineData("GET / HTTP/1.0", "Host: a", true)]
    [InlineData("GET / HTTP/1.0", "Host: a|host: a", false)]
    [InlineData("GET http://a/ HTTP/1.1", "Host: a", true)]
    [InlineData("GET http://A/ HTTP/1.1", "Host: a", true)]
    [InlineData("GET http://a:80/ HTTP/1.1", "Host: a", true)]
    [InlineData("GET http://a/ HTTP/1.1", "Host: a:80", true)]
    [InlineData("GET https://a:443/ HTTP/1.1", "Host: a", true)]
    [InlineData("GET https://a:80/ HTTP/1.1", "Host: a", false)]
    [InlineData("GET http://a:8080/ HTTP/1.1", "Host: a", false)]
    [InlineData("GET http://a/ HTTP/1.1", "Host: b", false)]
    [InlineData("GET http://a/ HTTP/1.1", "Host:", false)]
    [InlineData("GET http://a/ HTTP/1.0", "", true)]
    [InlineData("GET http://u@a/ HTTP/1.0", "", false)]
    [InlineData("GET http://u:p@a/ HTTP/1.1", "Host: u:p@a", false)]
    [InlineData("GET http://:80/ HTTP/1.1", "Host:", false)]
    [InlineData("GET http://[::1]/ HTTP/1.1", "Host: [::1]:80", true)]
    public void Host_IsSaidOnceAndAlike(string line, string fields, bool sound)
    {
        var head = $"{line}\r\n{string.Concat(fields.Split('|').Where(f => f != "").Select(f => f + "\r\n"))}\r\n";

        Assert.Equal(sound ? WireError.None : WireError.Host, Heads.Read(head, out _));
    }
}
