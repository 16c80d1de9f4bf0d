using MiniLB.Wire;

namespace MiniLB.RequestPath.Summarize;

/// <summary>Answers a request with where to go instead.</summary>
internal static class RedirectWriter
{
    public static async ValueTask WriteAsync(Exchange exchange, int status, string location)
    {
        var head = new ResponseHead { Status = status, ContentLength = 0 };
        head.Fields.Add("Location"u8, location);
        head.Fields.Add("Content-Length"u8, "0"u8);
        exchange.Start(head, closes: false);
        await exchange.CompleteAsync(trailers: null);
    }
}
