namespace MiniLB.RequestPath.Forward;

/// <summary>Which time limit runs while a body is passed on, and how long a client may take for the next
/// piece.</summary>
internal sealed class UploadPace
{
    // Kestrel's own default: a rate says nothing about the first moments of an upload.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly Exchange _exchange;
    private readonly long _rate;
    private TimeSpan _waited;
    private long _bytes;

    public UploadPace(Exchange exchange)
    {
        _exchange = exchange;
        // A gRPC stream is quiet for as long as it likes.
        _rate = exchange.IsGrpc ? 0 : exchange.World.Options.Limits.MinBodyRate;
    }

    public void WaitForBackend() => _exchange.Timer.Wait(
        _exchange.IsAnswered ? TimeLimit.ResponseBody : TimeLimit.BackendTakesBody, _exchange.IdleLimit);

    /// <summary>Begins to wait for the client.</summary>
    /// <returns>When that was; a timestamp of <see cref="Environment.TickCount64"/>.</returns>
    public long BeginWait()
    {
        var timer = _exchange.Timer;
        if (_exchange.IsAnswered || _exchange.IsGrpc)
        {
            timer.Wait(TimeLimit.ResponseBody, _exchange.IdleLimit);
        }
        else if (_exchange.AwaitsContinue)
        {
            // It is the backend that is waited for: it says whether it wants the body.
            timer.Wait(TimeLimit.ResponseHead, _exchange.Pool.Options.Timeouts.ResponseHeaders);
        }
        else
        {
            timer.Wait(TimeLimit.RequestBody, Allowed(_exchange.World.Options.Timeouts.Read));
            if (_exchange.IsAnswered)
            {
                timer.Wait(TimeLimit.ResponseBody, _exchange.IdleLimit); // the answer came at this moment
            }
        }

        return Environment.TickCount64;
    }

    public void EndWait(long began) => _waited += TimeSpan.FromMilliseconds(Environment.TickCount64 - began);

    public void Count(long bytes) => _bytes += bytes;

    private TimeSpan Allowed(TimeSpan read)
    {
        if (_rate == 0)
        {
            return read;
        }

        var earned = TimeSpan.FromSeconds((double)_bytes / _rate);
        var left = (earned > Grace ? earned : Grace) - _waited;
        var least = TimeSpan.FromMilliseconds(1);
        return left < least ? least : read == TimeSpan.Zero || left < read ? left : read;
    }
}
