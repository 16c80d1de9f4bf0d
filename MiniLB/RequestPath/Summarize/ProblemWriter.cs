using System.Globalization;
using System.Text.Json;
using MiniLB.Wire;

namespace MiniLB.RequestPath.Summarize;

/// <summary>Answers a request with a problem document. The response must not have started.</summary>
internal static class ProblemWriter
{
    public static async ValueTask WriteAsync(Exchange exchange, Problem problem)
    {
        exchange.Entry.Refusal ??= problem.Refusal;
        var document = new ProblemDocument(
            "urn:minilb:problem:" + problem.Type, problem.Title, problem.Status, exchange.RequestId, problem.Detail);
        var json = JsonSerializer.SerializeToUtf8Bytes(document, ProblemJson.Default.ProblemDocument);
        // What is malformed may have been no HEAD to its client: without a body or a length both read the same answer.
        var head = new ResponseHead { Status = problem.Status, ContentLength = json.Length };
        head.Fields.Add("Content-Type"u8, "application/problem+json"u8);
        var hasBody = exchange.Method != "HEAD";
        if (hasBody || !problem.Closes)
        {
            head.Fields.Add("Content-Length"u8, json.Length.ToString(CultureInfo.InvariantCulture));
        }

        if (problem.RetryAfter > 0)
        {
            head.Fields.Add("Retry-After"u8, problem.RetryAfter.ToString(CultureInfo.InvariantCulture));
        }

        if (problem.Allow is not null)
        {
            head.Fields.Add("Allow"u8, problem.Allow);
        }

        if (problem.Challenge is not null)
        {
            head.Fields.Add("WWW-Authenticate"u8, problem.Challenge);
        }

        exchange.Start(head, problem.Closes);
        if (hasBody)
        {
            exchange.Write(json);
            exchange.CountAnswered(json.Length);
        }

        await exchange.CompleteAsync(trailers: null);
    }
}
