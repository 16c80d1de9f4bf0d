using MiniLB.Config.Options;
using MiniLB.RequestPath.Balance;
using MiniLB.RequestPath.Forward;
using MiniLB.State;
using MiniLB.Wire;

namespace MiniLB.RequestPath.Retry;

/// <summary>How far one request has come: what it was given to, how often it was sent, and whether it may go
/// on.</summary>
internal struct RetryCourse
{
    private readonly PoolOptions _options;
    private readonly bool _mayRepeat;
    private TimeSpan _walked;
    private int _sends;

    public RetryCourse(Exchange exchange, PoolOptions options)
    {
        _options = options;
        _mayRepeat = RetryRules.IsIdempotent(exchange.Method)
            || !exchange.RequestFields.First(FieldId.IdempotencyKey).IsEmpty;
    }

    public BackendSet Tried { get; private set; }

    /// <summary>True once a kept connection was found closed: others may be, so that only new ones are used.</summary>
    public bool OnNewConnection { get; private set; }

    /// <summary>The backend whose kept connection it was: it may be given the request once more.</summary>
    public Backend? Stale { get; private set; }

    /// <summary>True where the request may be sent once more if this attempt fails.</summary>
    public readonly bool MayRepeat => _mayRepeat && _sends + 1 < _options.Retry.Attempts;

    public void Try(Backend backend)
    {
        Stale = backend == Stale ? null : Stale;
        Tried = Tried.With(backend);
    }

    /// <param name="backend">That of the attempt.</param>
    /// <param name="result">What became of it.</param>
    /// <param name="bodyIsLost">Whether bytes of the body were consumed that were not kept.</param>
    /// <param name="took">How long it took.</param>
    /// <returns>True where another may be tried.</returns>
    public bool MayGoOn(Backend backend, in AttemptResult result, bool bodyIsLost, TimeSpan took)
    {
        if (ForwardErrorRules.WasSent(result.Error))
        {
            _sends++;
            _walked = TimeSpan.Zero;
        }
        else
        {
            _walked += took;
        }

        if (!RetryRules.MayTryAgain(result, _mayRepeat, bodyIsLost, _sends, _options.Retry.Attempts)
            || _walked >= _options.Timeouts.Connect * 2)
        {
            // All available backends are walked, but not for ever where each one swallows its connection attempt.
            return false;
        }

        if (!OnNewConnection && RetryRules.AllowsSameBackend(result.Error))
        {
            (OnNewConnection, Stale) = (true, backend);
        }

        return true;
    }
}
