using System.Buffers;
using System.Net.Http.Headers;
using System.Text;
using MiniLB.Config;
using MiniLB.Wire;

namespace MiniLB.RequestPath.Forward;

/// <summary>Passes an HTTP/2 backend's answer on to the client: whatever has arrived goes out before more is waited
/// for.</summary>
internal static class Http2Response
{
    private const int BufferSize = MemoryPlan.LongPiece;

    /// <returns>False where the head is larger than allowed, has more than one length, or cannot be passed
    /// on.</returns>
    public static bool TryRead(HttpResponseMessage response, ResponseHead head, int mostFields)
    {
        head.Clear();
        head.Status = (int)response.StatusCode;
        head.ContentLength = response.Content.Headers.ContentLength;
        var hasNoBody = response.RequestMessage?.Method == HttpMethod.Head || head.Status is 204 or 304;
        head.Framing = hasNoBody ? BodyFraming.None
            : head.ContentLength is { } length ? length == 0 ? BodyFraming.None : BodyFraming.Length
            : BodyFraming.UntilClose;
        return HasOneLengthAtMost(response)
            && TryCopy(response.Headers.NonValidated, head.Fields)
            && TryCopy(response.Content.Headers.NonValidated, head.Fields)
            && head.Fields.Count <= mostFields;
    }

    // SocketsHttpHandler passes several lengths on: a client in HTTP/1.1 would look for the end of the answer elsewhere
    // than we do (RFC 9112 section 6.3).
    private static bool HasOneLengthAtMost(HttpResponseMessage response) =>
        !response.Content.Headers.NonValidated.TryGetValues("Content-Length", out var lengths)
        || (lengths.Count == 1 && response.Content.Headers.ContentLength is not null);

    public static async ValueTask<AttemptResult> PassOnAsync(HttpResponseMessage response, Exchange exchange)
    {
        if (!PassedFields.TryPrepareAnswer(exchange))
        {
            return AttemptResult.HookFailed;
        }

        exchange.Start(exchange.Answer, closes: false);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            var stream = await response.Content.ReadAsStreamAsync();
            if (await CopyAsync(stream, buffer, exchange) && await exchange.CompleteAsync(Trailers(response)))
            {
                // After a failure a read may still be under way into the buffer.
                ArrayPool<byte>.Shared.Return(buffer);
                return AttemptResult.Done;
            }

            return Failed(ForwardError.ClientGone, null);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            return Failed(exchange.Timer.Token.IsCancellationRequested
                ? exchange.Timer.Cause
                : ForwardError.ResponseBodyBroken, e);
        }
    }

    /// <returns>False where the client has gone.</returns>
    private static async ValueTask<bool> CopyAsync(Stream from, byte[] buffer, Exchange exchange)
    {
        var unflushed = 0;
        var isHeadUnflushed = true;
        while (true)
        {
            var read = from.ReadAsync(buffer.AsMemory(0, BufferSize), exchange.Timer.Token);
            if (!read.IsCompleted)
            {
                if ((unflushed > 0 || isHeadUnflushed) && !await exchange.FlushAsync())
                {
                    return false;
                }

                (unflushed, isHeadUnflushed) = (0, false);
                exchange.Timer.Wait(TimeLimit.ResponseBody, exchange.IdleLimit);
            }

            var count = await read;
            if (count == 0)
            {
                return true;
            }

            exchange.Write(buffer.AsSpan(0, count));
            exchange.CountAnswered(count);
            unflushed += count;
            if (unflushed >= BufferSize)
            {
                unflushed = 0;
                if (!await exchange.FlushAsync())
                {
                    return false;
                }
            }
        }
    }

    private static FieldList? Trailers(HttpResponseMessage response)
    {
        if (response.TrailingHeaders.NonValidated.Count == 0)
        {
            return null;
        }

        var trailers = new FieldList();
        if (!TryCopy(response.TrailingHeaders.NonValidated, trailers))
        {
            throw new IOException("a trailer field cannot be passed on");
        }

        TrailerRules.Hold(trailers);
        return trailers;
    }

    private static bool TryCopy(HttpHeadersNonValidated from, FieldList to)
    {
        foreach (var (name, values) in from)
        {
            foreach (var value in values)
            {
                var bytes = Encoding.Latin1.GetBytes(value);
                if (!Syntax.IsFieldValue(bytes))
                {
                    return false;
                }

                to.Add(Encoding.ASCII.GetBytes(name), bytes);
            }
        }

        return true;
    }

    private static AttemptResult Failed(ForwardError error, Exception? cause) =>
        new(error, ResponseStarted: true, RequestBodyTouched: true, cause);
}
