using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using MiniLB.Async;
using MiniLB.Config.Options;
using MiniLB.Transport.Epoll;

namespace MiniLB.Transport;

/// <summary>Accepts connections on one socket until that is closed, and waits where the system has no more to
/// give.</summary>
/// <param name="socket">Listens.</param>
/// <param name="wanted">What it is for.</param>
/// <param name="connect">Makes a connection of an accepted socket.</param>
/// <param name="logger">For what goes wrong.</param>
/// <param name="owner">Who has the socket.</param>
/// <param name="loops">Watch it and what it accepts; null to leave that to .NET.</param>
internal sealed class TransportListener(
    Socket socket,
    WantedListener wanted,
    Func<Socket, ConnectionContext> connect,
    ILogger logger,
    SocketOwner owner = SocketOwner.Process,
    EventLoops? loops = null)
    : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _closing = new();
    private readonly LoopListener? _onLoop = loops is null ? null : new LoopListener(socket, loops);

    // Ends the accept that waits, before a socket is closed that others have.
    private readonly CancellationTokenSource _leaving = new();
    private readonly SpareDescriptors _spare = new();
    private TimeSpan _pause = FirstPause;
    private bool _isHeldBack;

    // Written by the loop that accepts, read by whoever closes.
    private volatile bool _isAccepting;

    // Written at a reload, read by connections as they begin.
    private volatile WantedListener _wanted = wanted;

    private Func<ListenerOptions>? _current;

    // Written by an upgrade. Whoever waits in the queue of a socket that others have too is theirs, and so is its path.
    private volatile SocketOwner _owner = owner;

    public bool IsAdmin => _wanted.IsAdmin;

    /// <summary>How clients are served from now on.</summary>
    public ListenerOptions Options => _wanted.Options;

    /// <summary>The same, to be asked later.</summary>
    public Func<ListenerOptions> Current => _current ??= () => _wanted.Options;

    public EndPoint EndPoint { get; } = socket.LocalEndPoint!;

    /// <summary>As an operator would write it, with the port that the system chose.</summary>
    public override string ToString() => EndPoint is UnixDomainSocketEndPoint unix
        ? $"unix:{unix}"
        : $"{(_wanted.Options.Tls is null ? "http" : "https")}://{EndPoint}";

    /// <summary>From now on a process that is started gets the socket.</summary>
    /// <returns>What it needs to know: see <see cref="InheritedSockets.Variable"/>.</returns>
    public string Share()
    {
        SocketInheritance.Allow(socket);
        var isLent = _owner == SocketOwner.Systemd;
        _owner = isLent ? _owner : SocketOwner.Processes;
        return string.Create(CultureInfo.InvariantCulture,
            $"{socket.Handle} {(isLent ? "lent" : "own")} {(IsAdmin ? "admin" : "client")} {_wanted.Address.Text}");
    }

    /// <summary>No other process has the socket any more, or is to get it.</summary>
    public void Own()
    {
        if (_owner == SocketOwner.Processes && !_closing.IsCancellationRequested)
        {
            SocketInheritance.Deny(socket);
            _owner = SocketOwner.Process;
        }
    }

    public bool Serves(WantedListener other) => _wanted.IsSameSocket(other);

    /// <summary>Obeys another configuration of the same socket.</summary>
    public void Obey(WantedListener wanted)
    {
        if (wanted.Mode is { } mode && mode != _wanted.Mode && EndPoint is UnixDomainSocketEndPoint unix
            && !OperatingSystem.IsWindows())
        {
            try
            {
                File.SetUnixFileMode(unix.ToString(), mode);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Somebody has taken the path away: nobody new comes in by it.
            }
        }

        _wanted = wanted.After(_wanted);
    }

    /// <returns>Null once the listener is closed.</returns>
    public async FrameTask<ConnectionContext?> AcceptAsync()
    {
        // What operators come by may use up what is held back: where there is nothing else, it must not be held again.
        var isForOperators = false;
        for (_isAccepting = true; _isAccepting;)
        {
            try
            {
                if (!isForOperators && !_spare.TryHold() && !IsAdmin)
                {
                    throw new SocketException((int)SocketError.TooManyOpenSockets);
                }

                var accepted = _onLoop is null
                    ? Connected(await socket.AcceptAsync(_leaving.Token))
                    : await _onLoop.AcceptAsync(_leaving.Token);
                _pause = FirstPause;
                if (accepted is not null)
                {
                    AcceptedBy.Note(accepted, this);
                    return accepted;
                }
            }
            catch (Exception e) when (IsExhaustion(e))
            {
                // Retrying at once would spin a core while nothing can be accepted.
                _spare.Release();
                isForOperators = IsAdmin;
                TransportLog.AcceptPaused(logger, EndPoint.ToString()!, (long)_pause.TotalMilliseconds, e.Message);
                _isAccepting = await PauseAsync();
            }
            catch (SocketException e) when (e.SocketErrorCode != SocketError.OperationAborted)
            {
                // The client was gone before it was accepted (accept(2) passes such errors on); there may be others.
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                _isAccepting = false;
            }
        }

        return null;
    }

    private ConnectionContext Connected(Socket accepted)
    {
        try
        {
            if (accepted.ProtocolType == ProtocolType.Tcp)
            {
                accepted.NoDelay = true;
            }

            return connect(accepted);
        }
        catch
        {
            accepted.Dispose();
            throw;
        }
    }

    public async ValueTask UnbindAsync()
    {
        // A graceful stop closes it first, the end once more: by then the path may be another process's.
        if (_closing.IsCancellationRequested)
        {
            return;
        }

        await _closing.CancelAsync();
        if (_isHeldBack)
        {
            SynFilter.Detach(socket);
        }

        if (_owner == SocketOwner.Process)
        {
            await TakeBacklogAsync();
        }

        if (_owner != SocketOwner.Process || _onLoop is not null)
        {
            await LeaveAsync();
        }

        _onLoop?.Leave();
        socket.Dispose();
        DeletePath();
    }

    /// <summary>Leaves new connections unanswered from now on, where they come through a network.</summary>
    public void HoldBack()
    {
        if (socket.ProtocolType != ProtocolType.Tcp)
        {
            return;
        }

        try
        {
            SynFilter.Attach(socket);
            _isHeldBack = true;
        }
        catch (SocketException e)
        {
            TransportLog.NotHeldBack(logger, EndPoint.ToString()!, e.Message);
        }
    }

    /// <summary>Closes it before anybody was accepted.</summary>
    public void Discard()
    {
        _onLoop?.Leave();
        socket.Dispose();
        _spare.Dispose();
        DeletePath();
    }

    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        _spare.Dispose();
        return ValueTask.CompletedTask;
    }

    private void DeletePath()
    {
        if (_owner == SocketOwner.Process && EndPoint is UnixDomainSocketEndPoint unix)
        {
            SocketPath.Delete(unix);
        }
    }

    // Closing a listening socket resets what has connected but was not accepted yet: let the accept loop take it first.
    private async Task TakeBacklogAsync()
    {
        try
        {
            for (var i = 0; i < 100 && socket.Poll(0, SelectMode.SelectRead); i++)
            {
                await Task.Delay(1);
            }
        }
        catch (ObjectDisposedException)
        {
            // Already closed.
        }
    }

    // .NET closes a socket on which somebody waits with a reset, for which it sets SO_LINGER. On a socket that others
    // have that would outlive us: every connection that is accepted there has the option, and loses at its close what
    // the client has not taken yet.
    private async Task LeaveAsync()
    {
        await _leaving.CancelAsync();
        for (var i = 0; i < 1000 && _isAccepting; i++)
        {
            await Task.Delay(1);
        }
    }

    private async Task<bool> PauseAsync()
    {
        try
        {
            await Task.Delay(_pause, _closing.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        _pause = TimeSpan.FromTicks(Math.Min(_pause.Ticks * 2, LongestPause.Ticks));
        return true;
    }

    // What nobody has foreseen must not end the accepting either: out of memory, for one.
    private static bool IsExhaustion(Exception e) => e is SocketException { SocketErrorCode: var error }
        ? error is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable or SocketError.ProcessLimit
            or SocketError.SystemNotReady or SocketError.SocketError
        : e is not (ObjectDisposedException or OperationCanceledException);
}
