using MiniLB.Tests.Journeys.Exchanges.Table;

namespace MiniLB.Tests.Journeys.Exchanges.Running;

/// <summary>Holds a response against what a row promises, and against what holds for every response.</summary>
internal static class ResponseChecks
{
    public static void Hold(ResponseSeen expected, ReceivedResponse found, Then then)
    {
        Assert.True(expected.Statuses.Contains(found.Head.Status),
            $"status {found.Head.FirstLine}, not {string.Join(" or ", expected.Statuses)}");
        HoldWellFormed(found.Head);
        HoldBody(expected, found.Body);
        FieldChecks.Hold(found.Head, expected.Has, expected.Lacks, expected.Lines);
        if (expected.Line is not null)
        {
            Assert.Equal(expected.Line, found.Head.FirstLine);
        }

        if (expected.Interims is not null)
        {
            Assert.Equal(expected.Interims, found.Interims.Select(i => i.Status));
        }

        foreach (var interim in found.Interims)
        {
            FieldChecks.Hold(interim, expected.InterimHas, ["Content-Length", "Transfer-Encoding"], []);
        }

        if (expected.IsOwn)
        {
            HoldOwn(expected, found, then);
        }
    }

    private static void HoldBody(ResponseSeen expected, MessageBody found)
    {
        Assert.True(found.IsComplete != expected.CutOff,
            expected.CutOff ? "the response looks complete" : $"the response is incomplete: '{found.Text}'");
        if (expected.Body is not null)
        {
            Assert.Equal(expected.Body, found.Text);
        }

        Assert.Equal(expected.Trailers, found.Trailers);
    }

    private static void HoldOwn(ResponseSeen expected, ReceivedResponse found, Then then)
    {
        FieldChecks.Hold(found.Head, ["Content-Type: application/problem+json"], [], []);
        Assert.Equal(then == Then.Ends, found.Head.Has("Connection: close"));
        if (!expected.ToHead)
        {
            Assert.Contains("\"urn:minilb:problem:", found.Body.Text, StringComparison.Ordinal);
        }
    }

    private static void HoldWellFormed(MessageHead head)
    {
        FieldChecks.HoldSyntax(head);
        Assert.StartsWith("HTTP/1.1 ", head.FirstLine, StringComparison.Ordinal);
        Assert.True(head.Status == 101 || head.Values("Date").Count() == 1, "not exactly one Date");
    }
}
