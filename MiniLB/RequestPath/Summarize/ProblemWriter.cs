using System.Globalization;
using System.Text.Json;

namespace MiniLB.RequestPath.Summarize;

/// <summary>Answers a request with a problem document. The response must not have started.</summary>
internal static class ProblemWriter
{
    public static async ValueTask WriteAsync(Exchange exchange, Problem problem)
    {
        var document = new ProblemDocument(
            "urn:minilb:problem:" + problem.Type, problem.Title, problem.Status, exchange.RequestId);
        var json = JsonSerializer.SerializeToUtf8Bytes(document, ProblemJson.Default.ProblemDocument);
        var headers = exchange.Response.Headers;
        headers.Clear(); // a backend's head may have been copied before its body failed
        exchange.Response.StatusCode = problem.Status;
        exchange.Response.ReasonPhrase = null;
        headers.ContentType = "application/problem+json";
        headers.ContentLength = json.Length;
        if (problem.RetryAfter > 0)
        {
            headers.RetryAfter = problem.RetryAfter.ToString(CultureInfo.InvariantCulture);
        }

        if (problem.Allow is not null)
        {
            headers.Allow = problem.Allow;
        }

        if (problem.Closes)
        {
            headers.Connection = "close";
        }

        exchange.CloseIfLast();

        if (exchange.Method != "HEAD")
        {
            await exchange.ResponseBody.Writer.WriteAsync(json);
            exchange.CountAnswered(json.Length);
        }
    }
}
