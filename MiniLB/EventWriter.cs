using MiniLB.Admin;
using MiniLB.RequestPath;
using MiniLB.Wire;

namespace MiniLB;

/// <summary>Answers a request with events, until the client or the feed has had enough.</summary>
/// <remarks>A client that reads nothing holds up its own stream alone, until the connection sweep ends it.</remarks>
internal static class EventWriter
{
    public static async ValueTask WriteAsync(Exchange exchange, EventStream stream)
    {
        var head = new ResponseHead { Status = StatusCodes.Status200OK, Framing = BodyFraming.Chunked };
        head.Fields.Add("Cache-Control"u8, "no-store"u8);
        head.Fields.Add("Content-Type"u8, EventStream.ContentType);
        exchange.Start(head, closes: false);
        var goesOn = exchange.Method != "HEAD" && await exchange.FlushAsync();
        while (goesOn && await stream.NextAsync(exchange.Timer.Token) is { } text)
        {
            exchange.Write(text);
            exchange.CountAnswered(text.Length);
            goesOn = await exchange.FlushAsync();
        }

        await exchange.CompleteAsync(trailers: null);
    }
}
