using MiniLB.Admin;
using MiniLB.RequestPath;

namespace MiniLB;

/// <summary>Answers a request with a document of our own.</summary>
internal static class AnswerWriter
{
    public static async ValueTask WriteAsync(Exchange exchange, OwnAnswer answer)
    {
        var headers = exchange.Response.Headers;
        exchange.Response.StatusCode = answer.Status;
        headers.CacheControl = "no-store";
        if (answer.ContentType is not null)
        {
            headers.ContentType = answer.ContentType;
            headers.ContentLength = answer.Body.Length;
        }

        exchange.CloseIfLast();
        if (exchange.Method != "HEAD" && answer.Body.Length > 0)
        {
            await exchange.ResponseBody.Writer.WriteAsync(answer.Body);
            exchange.CountAnswered(answer.Body.Length);
        }
    }
}
