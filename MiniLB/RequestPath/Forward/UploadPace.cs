namespace MiniLB.RequestPath.Forward;

/// <summary>Which time limit runs while a body is passed on, and how long a client may take for the next
/// piece.</summary>
/// <remarks>One for each attempt; what the client has sent and how long it was waited for is the exchange's: another
/// attempt neither forgives a slow client nor takes for its doing what is sent a second time.</remarks>
internal sealed class UploadPace
{
    // Kestrel's own default: a rate says nothing about the first moments of an upload.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly Exchange _exchange;
    private readonly long _rate;

    public UploadPace(Exchange exchange)
    {
        _exchange = exchange;
        // A gRPC stream is quiet for as long as it likes.
        _rate = exchange.IsGrpc ? 0 : exchange.World.Options.Limits.MinBodyRate;
    }

    public void WaitForBackend() => _exchange.Timer.Wait(
        _exchange.IsAnswered ? TimeLimit.ResponseBody : TimeLimit.BackendTakesBody, _exchange.IdleLimit);

    /// <summary>Begins to wait for the next piece.</summary>
    /// <returns>When that was, a timestamp of <see cref="Environment.TickCount64"/>; null where it is not the client
    /// that is waited for.</returns>
    public long? BeginWait()
    {
        var timer = _exchange.Timer;
        if (_exchange.IsAnswered || _exchange.IsGrpc)
        {
            timer.Wait(TimeLimit.ResponseBody, _exchange.IdleLimit);
            return null;
        }

        if (_exchange.AwaitsContinue)
        {
            // It is the backend that is waited for: it says whether it wants the body.
            timer.Wait(TimeLimit.ResponseHead, _exchange.Timeouts.ResponseHeaders);
            return null;
        }

        WaitForClient();
        return Environment.TickCount64;
    }

    public void EndWait(long? began)
    {
        if (began is { } since)
        {
            _exchange.WaitedForBody += TimeSpan.FromMilliseconds(Environment.TickCount64 - since);
        }
    }

    private void WaitForClient()
    {
        _exchange.Timer.Wait(TimeLimit.RequestBody, Allowed(_exchange.World.Options.Timeouts.Read));
        if (_exchange.IsAnswered)
        {
            _exchange.Timer.Wait(TimeLimit.ResponseBody, _exchange.IdleLimit); // the answer came at this moment
        }
    }

    private TimeSpan Allowed(TimeSpan read)
    {
        if (_rate == 0)
        {
            return read;
        }

        var earned = TimeSpan.FromSeconds((double)_exchange.BytesIn / _rate);
        var left = (earned > Grace ? earned : Grace) - _exchange.WaitedForBody;
        var least = TimeSpan.FromMilliseconds(1);
        return left < least ? least : read == TimeSpan.Zero || left < read ? left : read;
    }
}
