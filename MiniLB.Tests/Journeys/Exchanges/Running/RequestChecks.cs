using System.Text.RegularExpressions;
using MiniLB.Tests.Journeys.Exchanges.Table;
using static System.StringComparison;

namespace MiniLB.Tests.Journeys.Exchanges.Running;

/// <summary>Holds the requests that a backend received against what a row promises, and against what holds for every
/// request.</summary>
internal static partial class RequestChecks
{
    public static void Hold(ExchangeRow row, ReceivedRequest[] found)
    {
        foreach (var request in found)
        {
            HoldWellFormed(request);
        }

        if (row.ReachesNoneWhole)
        {
            Assert.True(found.Length <= 1, $"{found.Length} requests reached the backend");
            Assert.DoesNotContain(found, r => r.IsComplete);
            return;
        }

        Assert.True(row.Reaches.Length == found.Length,
            $"{found.Length} requests reached the backend, not {row.Reaches.Length}");
        foreach (var (expected, request) in row.Reaches.Zip(found))
        {
            Hold(expected, request);
        }
    }

    /// <summary>One unambiguous request, marked as one that came through this balancer.</summary>
    public static void HoldWellFormed(ReceivedRequest request)
    {
        var head = request.Head;
        Assert.True(RequestLine().IsMatch(head.FirstLine), $"a malformed request line '{head.FirstLine}'");
        FieldChecks.HoldSyntax(head);
        foreach (var name in (string[])["Host", "X-Forwarded-For", "X-Forwarded-Proto", "X-Request-Id"])
        {
            Assert.True(head.Values(name).Count() == 1, $"not exactly one {name}");
        }

        Assert.Contains("minilb", head.Values("Via").LastOrDefault() ?? "", Ordinal);
    }

    private static void Hold(RequestSeen expected, ReceivedRequest found)
    {
        if (expected.Line is not null)
        {
            Assert.Equal(expected.Line, found.Head.FirstLine);
        }

        FieldChecks.Hold(found.Head, expected.Has, expected.Lacks, expected.Lines);
        foreach (var (name, value) in expected.Joined.Select(MessageHead.Field))
        {
            // A blank behind a comma says nothing.
            Assert.Equal(value.Replace(", ", ",", Ordinal),
                string.Join(",", found.Head.Values(name)).Replace(", ", ",", Ordinal));
        }

        Assert.True(expected.IsTakenRaw || found.IsComplete != expected.Unfinished,
            expected.Unfinished ? "the request looks complete" : "the request is incomplete");
        if (expected.Body is not null)
        {
            Assert.Equal(expected.Body, found.Body?.Text);
        }

        Assert.Equal(expected.Trailers, found.Body?.Trailers ?? []);
        if (expected.Heard is not null)
        {
            Assert.Equal(expected.Heard, found.Heard.ToString());
        }

        if (expected.OnNewConnection is { } isNew)
        {
            Assert.True(found.IsFirstOnConnection == isNew, $"on a new connection: {!isNew}");
        }
    }

    [GeneratedRegex("^[!#$%&'*+.^_`|~0-9A-Za-z-]+ [\\x21-\\x22\\x24-\\x7E]+ HTTP/1\\.1\\z")]
    private static partial Regex RequestLine();
}
