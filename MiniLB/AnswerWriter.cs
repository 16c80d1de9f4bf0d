using System.Globalization;
using System.Text;
using MiniLB.Admin;
using MiniLB.RequestPath;
using MiniLB.Wire;

namespace MiniLB;

/// <summary>Answers a request with a document of our own.</summary>
internal static class AnswerWriter
{
    public static async ValueTask WriteAsync(Exchange exchange, OwnAnswer answer)
    {
        try
        {
            await SendAsync(exchange, answer);
        }
        finally
        {
            answer.Sent?.Invoke();
        }
    }

    private static async ValueTask SendAsync(Exchange exchange, OwnAnswer answer)
    {
        var head = new ResponseHead { Status = answer.Status };
        head.Fields.Add("Cache-Control"u8, "no-store"u8);
        foreach (var (name, value) in answer.Fields)
        {
            head.Fields.Add(Encoding.ASCII.GetBytes(name), value);
        }

        if (answer.ContentType is not null)
        {
            head.Fields.Add("Content-Type"u8, answer.ContentType);
        }

        if (answer.Pieces is not null)
        {
            head.Framing = BodyFraming.Chunked;
        }
        else if (answer.ContentType is not null)
        {
            head.Fields.Add("Content-Length"u8, answer.Body.Length.ToString(CultureInfo.InvariantCulture));
            head.ContentLength = answer.Body.Length;
        }

        exchange.Start(head, closes: false);
        if (exchange.Method != "HEAD" && answer.Pieces is not null)
        {
            using var pieces = new PieceWriter(exchange);
            answer.Pieces(pieces);
        }
        else if (exchange.Method != "HEAD" && answer.Body.Length > 0)
        {
            exchange.Write(answer.Body);
            exchange.CountAnswered(answer.Body.Length);
        }

        await exchange.CompleteAsync(trailers: null);
    }
}
