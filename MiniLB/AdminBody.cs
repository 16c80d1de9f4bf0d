using MiniLB.Admin;
using MiniLB.RequestPath;
using MiniLB.RequestPath.Forward;
using MiniLB.Wire;

namespace MiniLB;

/// <summary>Reads the body of a command whole: it is small and has the time of timeouts.read.</summary>
internal static class AdminBody
{
    /// <returns>The body, or what is wrong with it.</returns>
    public static async ValueTask<(ForwardError Error, byte[] Body)> ReadAsync(Exchange exchange)
    {
        if (exchange.RequestLength > AdminRoute.MostBody)
        {
            return (ForwardError.RequestBodyTooLarge, []);
        }

        if (!exchange.HasRequestBody)
        {
            return (ForwardError.None, []);
        }

        if (exchange.AwaitsContinue)
        {
            await exchange.SendInterimAsync(new ResponseHead { Status = 100 });
        }

        exchange.Timer.Wait(TimeLimit.RequestBody, exchange.World.Options.Timeouts.Read);
        await using var late = exchange.Timer.Token.UnsafeRegister(
            static e => ((Exchange)e!).RequestBody.CancelPendingRead(), exchange);
        try
        {
            return await ReadToEndAsync(exchange);
        }
        catch (Exception e) when (BodyErrorRules.Name(e) is { } error)
        {
            return (error, []);
        }
        finally
        {
            exchange.Timer.Wait(TimeLimit.None, TimeSpan.Zero);
        }
    }

    private static async ValueTask<(ForwardError Error, byte[] Body)> ReadToEndAsync(Exchange exchange)
    {
        using var body = new MemoryStream();
        while (true)
        {
            var read = await exchange.RequestBody.ReadAsync();
            foreach (var piece in read.Buffer)
            {
                body.Write(piece.Span);
            }

            exchange.RequestBody.AdvanceTo(read.Buffer.End);
            if (exchange.Timer.Token.IsCancellationRequested)
            {
                return (exchange.Timer.Cause, []);
            }

            if (body.Length > AdminRoute.MostBody)
            {
                return (ForwardError.RequestBodyTooLarge, []);
            }

            if (read.IsCompleted)
            {
                return (ForwardError.None, body.ToArray());
            }
        }
    }
}
