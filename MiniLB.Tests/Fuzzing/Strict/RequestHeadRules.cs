namespace MiniLB.Tests.Fuzzing.Strict;

/// <summary>What a request head must hold beside its syntax.</summary>
internal static class RequestHeadRules
{
    /// <summary>The fault, or null.</summary>
    public static string? Check(StrictMessage message) =>
        CheckHost(message) ?? CheckTarget(message) ?? CheckConnection(message);

    /// <summary>True for requests that MiniLB answers itself.</summary>
    public static bool IsOwn(StrictMessage message) =>
        message is { Method: "OPTIONS", Target: "*" } || message.Method is "TRACE" or "CONNECT"
        || (message.Method is "GET" or "HEAD" && PathOf(message.Target).Split('?')[0] == "/health");

    /// <summary>True for those that it may answer itself.</summary>
    public static bool MayBeOwn(StrictMessage message) => IsOwn(message)
        || (message.Method == "OPTIONS" && message.Values("Max-Forwards").Any());

    /// <summary>True where a 101 of the backend makes a tunnel.</summary>
    public static bool AsksForUpgrade(StrictMessage message) =>
        message is { Minor: 1, Body.Length: 0, Framing: Framing.None or Framing.Length }
        && message.Lists("Connection", "upgrade")
        && message.Values("Upgrade").Count() == 1 && message.Values("Upgrade").Single().Length > 0
        && !message.Lists("Upgrade", "h2c");

    /// <summary>The target in origin form.</summary>
    public static string PathOf(string target)
    {
        var authority = target.IndexOf("://", StringComparison.Ordinal);
        if (target.StartsWith('/') || authority < 0)
        {
            return target;
        }

        var path = target.AsSpan(authority + 3).IndexOfAny('/', '?');
        var rest = path < 0 ? "" : target[(authority + 3 + path)..];
        return rest.StartsWith('/') ? rest : $"/{rest}";
    }

    private static string? CheckHost(StrictMessage message)
    {
        var hosts = message.Values("Host").ToArray();
        if (hosts.Length > 1 || (hosts.Length == 0 && message.Minor > 0))
        {
            return hosts.Length == 0 ? "no Host" : "repeated Host";
        }

        return hosts.Length == 0 ? null : HostSyntax.Check(hosts[0], message);
    }

    private static string? CheckTarget(StrictMessage message)
    {
        var target = message.Target;
        if (target.StartsWith('/'))
        {
            return null;
        }

        if (target == "*")
        {
            return message.Method == "OPTIONS" ? null : "asterisk";
        }

        var isHttp = target.StartsWith("http://", StringComparison.OrdinalIgnoreCase);
        if (!isHttp && !target.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            return "form of the target";
        }

        var rest = target[(isHttp ? 7 : 8)..];
        var end = rest.AsSpan().IndexOfAny('/', '?');
        var authority = end < 0 ? rest : rest[..end];
        message.Doubtful(!target.StartsWith("http", StringComparison.Ordinal) || end < 0 || rest[end] == '?', "URI");
        if (authority.Length == 0 || authority.Contains('@', StringComparison.Ordinal))
        {
            return "authority";
        }

        message.Doubtful(!isHttp, "https on a cleartext port");
        var host = message.Values("Host").FirstOrDefault();
        message.Doubtful(host is null, "absolute form without Host");
        return host is null || SameHost(authority, host, message) ? HostSyntax.Check(authority, message)
            : "authority is not Host";
    }

    private static bool SameHost(string authority, string host, StrictMessage message)
    {
        if (authority.Equals(host, StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        var same = WithoutPort(authority).Equals(WithoutPort(host), StringComparison.OrdinalIgnoreCase);
        message.Doubtful(same, "default port");
        return same;
    }

    private static string WithoutPort(string host)
    {
        foreach (var port in (string[])[":80", ":443", ":"])
        {
            if (host.EndsWith(port, StringComparison.Ordinal))
            {
                return host[..^port.Length];
            }
        }

        return host;
    }

    private static string? CheckConnection(StrictMessage message)
    {
        if (message.Minor == 0 && message.Values("Transfer-Encoding").Any())
        {
            return "Transfer-Encoding in HTTP/1.0";
        }

        var expectations = message.Values("Expect").ToArray();
        message.Doubtful(
            expectations.Length > 1 || (expectations.Length == 1 && message.Minor == 0)
            || expectations.Any(e => e.Length == 0), "Expect");
        message.Doubtful(message.Values("Connection").Any(v => !IsTokenList(v)), "Connection");
        message.Doubtful(message.Values("Upgrade").Any(v => v.Length == 0), "Upgrade");
        return expectations.Any(e => e.Length > 0 && !e.Equals("100-continue", StringComparison.OrdinalIgnoreCase))
            && message.Minor > 0 ? "Expect" : null;
    }

    private static bool IsTokenList(string value) => value.Split(',')
        .All(t => Characters.IsToken(System.Text.Encoding.Latin1.GetBytes(t.Trim(' ', '\t'))));
}
