using MiniLB.Load.Engine;

namespace MiniLB.Load.Http;

/// <summary>Makes requests on connections that are kept, as many as there are requests at a time.</summary>
internal sealed class HttpConnections : IDisposable
{
    /// <summary>For one request, from its start to the last byte of its answer.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    // Late exchanges are looked for so often: finer than any limit that a person would set.
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    private readonly HttpTarget _target;
    private readonly BackendNames _names;
    private readonly Timer _timer;
    private readonly Lock _lock = new();

    // Both under the lock. The last one given back is taken first, so that a few stay warm.
    private readonly HashSet<HttpConnection> _all = [];
    private readonly Stack<HttpConnection> _idle = [];

    public HttpConnections(HttpTarget target, string backendField)
    {
        _target = target;
        _names = new BackendNames(backendField);
        _timer = new Timer(_ => EndLateExchanges(), null, Look, Look);
    }

    /// <summary>Makes one request. It never throws: what goes wrong is a failure with a name.</summary>
    public async ValueTask<Outcome> RequestAsync(HttpRequest request)
    {
        while (true)
        {
            HttpConnection? connection = null;
            try
            {
                connection = await TakeAsync();
                var answer = await connection.ExchangeAsync(request);
                GiveBack(connection, answer.IsKept);
                return new Outcome(
                    answer.Status < 400 ? null : FailureNames.OfStatus(answer.Status), answer.Backend,
                    request.BodyBytes, answer.BodyBytes);
            }
            catch (Exception e) when (FailureNames.IsFailure(e))
            {
                var isLate = connection is { IsLate: true };
                // A server may close a kept connection at any time; every client asks again then (RFC 9112 9.3.1).
                var again = !isLate && request.IsRepeatable && connection is { Exchanges: > 1, IsUnanswered: true };
                GiveBack(connection, isKept: false);
                if (!again)
                {
                    return Outcome.Failed(isLate ? FailureNames.Timeout : FailureNames.Of(e));
                }
            }
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_lock)
        {
            foreach (var connection in _all)
            {
                connection.Dispose();
            }
        }
    }

    private async ValueTask<HttpConnection> TakeAsync()
    {
        HttpConnection? connection;
        lock (_lock)
        {
            _idle.TryPop(out connection);
        }

        if (connection is null)
        {
            using var limit = new CancellationTokenSource(Limit);
            connection = await HttpConnection.ConnectAsync(_target, _names, limit.Token);
            lock (_lock)
            {
                _all.Add(connection);
            }
        }

        connection.Deadline = Environment.TickCount64 + (long)Limit.TotalMilliseconds;
        return connection;
    }

    private void GiveBack(HttpConnection? connection, bool isKept)
    {
        if (connection is null)
        {
            return;
        }

        connection.Deadline = 0;
        lock (_lock)
        {
            if (isKept)
            {
                _idle.Push(connection);
                return;
            }

            _all.Remove(connection);
        }

        connection.Dispose();
    }

    private void EndLateExchanges()
    {
        var now = Environment.TickCount64;
        HttpConnection[] late;
        lock (_lock)
        {
            late = [.. _all.Where(c => c.Deadline is > 0 and var deadline && deadline < now)];
        }

        Array.ForEach(late, c => c.EndLate());
    }
}
