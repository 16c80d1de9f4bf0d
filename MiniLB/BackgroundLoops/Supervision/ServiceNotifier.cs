using System.Diagnostics;
using System.Globalization;
using MiniLB.Transport;

namespace MiniLB.BackgroundLoops.Supervision;

/// <summary>Tells the service manager how the process stands, in the words of sd_notify(3). Says nothing where there is
/// none.</summary>
/// <remarks>Nothing here throws or waits. What the manager cannot take now is sent again by <see cref="Retry"/>, in
/// order.</remarks>
internal sealed class ServiceNotifier : IDisposable
{
    // A manager that takes nothing for so long has other troubles than our news. A status is told again anyway.
    private const int MostOwed = 8;

    private readonly NotifySocket? _socket;

    // Guards all below.
    private readonly Lock _telling = new();
    private readonly Queue<string> _owed = new();
    private bool _isServing;
    private bool _isStopping;
    private string? _status;

    // Written under the lock, read by whoever asks.
    private volatile bool _isReplaced;
    private volatile string? _problem;

    private ServiceNotifier(NotifySocket? socket, TimeSpan? watchdogLimit) =>
        (_socket, WatchdogLimit) = (socket, watchdogLimit);

    public static ServiceNotifier None => Of(_ => null);

    /// <summary>False where there is nobody to tell anything.</summary>
    public bool IsHeard => _socket is not null;

    /// <summary>How long the manager waits for the next ping; null where it waits for none.</summary>
    public TimeSpan? WatchdogLimit { get; }

    /// <summary>True once another process is the service's main one: this one has nothing more to say.</summary>
    public bool IsReplaced => _isReplaced;

    /// <summary>Why the manager has not taken the latest message; null where it has.</summary>
    public string? Problem => _problem;

    /// <param name="read">The environment.</param>
    public static ServiceNotifier Of(Func<string, string?> read)
    {
        var socket = NotifySocket.Open(read);
        return new ServiceNotifier(socket, socket is null ? null : WatchdogRules.Limit(read, Environment.ProcessId));
    }

    /// <summary>Clients are served.</summary>
    public void Ready(string status)
    {
        lock (_telling)
        {
            (_isServing, _status) = (true, status);
            Send($"READY=1\nSTATUS={status}");
        }
    }

    /// <summary>The configuration is being read again.</summary>
    public void Reloading()
    {
        lock (_telling)
        {
            if (_isServing && !_isStopping)
            {
                // What Type=notify-reload asks for; .NET reads the same clock.
                var now = (long)Stopwatch.GetElapsedTime(0).TotalMicroseconds;
                Send(string.Create(CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={now}"));
            }
        }
    }

    /// <summary>It has been obeyed, or refused.</summary>
    public void Reloaded()
    {
        lock (_telling)
        {
            if (_isServing && !_isStopping)
            {
                Send("READY=1");
            }
        }
    }

    /// <summary>The stop begins.</summary>
    /// <param name="status">As for <see cref="Tell"/>.</param>
    /// <param name="longest">How long it may take; null where that is not known.</param>
    public void Stopping(string status, TimeSpan? longest)
    {
        lock (_telling)
        {
            (_isStopping, _status) = (true, status);
            Send($"STOPPING=1\nSTATUS={status}");
            if (longest is { } time)
            {
                Send(Extension(time));
            }
        }
    }

    /// <summary>The stop needs so much time from now.</summary>
    public void NeedTime(TimeSpan time)
    {
        lock (_telling)
        {
            Send(Extension(time));
        }
    }

    /// <summary>Shows the operator a line.</summary>
    /// <param name="status">The line.</param>
    /// <param name="again">Sends it even where it is not new.</param>
    public void Tell(string status, bool again = false)
    {
        lock (_telling)
        {
            if (_isServing && (again || status != _status))
            {
                _status = status;
                Send($"STATUS={status}");
            }
        }
    }

    /// <summary>From now on another process is the service, as after an upgrade, and this one is silent.</summary>
    /// <remarks>The manager believes the next ping of that process only from here on, so this is one too.</remarks>
    public void TellMainProcess(int process)
    {
        lock (_telling)
        {
            Send(string.Create(CultureInfo.InvariantCulture, $"MAINPID={process}\nWATCHDOG=1"));
            _isReplaced = true;
        }
    }

    /// <summary>The process lives.</summary>
    public void Ping()
    {
        // Not under the lock: what proves that the process lives must not wait for anything.
        if (!_isReplaced)
        {
            _problem = _socket?.Send("WATCHDOG=1");
        }
    }

    /// <summary>Sends what could not be sent.</summary>
    public void Retry()
    {
        lock (_telling)
        {
            while (_owed.TryPeek(out var message) && TrySend(message))
            {
                _owed.Dequeue();
            }
        }
    }

    public void Dispose() => _socket?.Dispose();

    private static string Extension(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"EXTEND_TIMEOUT_USEC={(long)time.TotalMicroseconds}");

    private void Send(string message)
    {
        if (_socket is null || _isReplaced || (_owed.Count == 0 && TrySend(message)))
        {
            return;
        }

        // What was owed first says that clients are served: the newest gives way.
        if (_owed.Count < MostOwed)
        {
            _owed.Enqueue(message);
        }
    }

    private bool TrySend(string message) => (_problem = _socket!.Send(message)) is null;
}
