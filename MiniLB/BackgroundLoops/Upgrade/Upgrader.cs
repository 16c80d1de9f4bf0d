using System.ComponentModel;
using System.Diagnostics;
using System.IO.Pipes;
using MiniLB.State;
using MiniLB.Transport;

namespace MiniLB.BackgroundLoops.Upgrade;

/// <summary>Has another process, started as this one was, take over the listening sockets, and lets this one stop once
/// the other serves.</summary>
/// <remarks>Both have the same sockets, so that who waits in their queues is served by one or the other. With sockets
/// of its own under SO_REUSEPORT the new one would leave the queues of the old to be reset.</remarks>
internal sealed class Upgrader : IDisposable
{
    /// <summary>Within it the new process has to serve: its first probes take the longest, and a probe's timeout is
    /// 2 s by default.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly StartedProgram? _program = StartedProgram.Read();

    // At the start: later it may be whoever takes in orphans.
    private readonly string _parent = ReplacementRules.ReadParent();

    private readonly CancellationTokenSource _replaced = new();
    private readonly CancellationTokenSource _abandoned = new();
    private readonly ListenerSet _listeners;
    private readonly Lifecycle _lifecycle;
    private readonly TimeSpan _deadline;
    private readonly ILogger<Upgrader> _logger;

    // 1 while one is under way, and for good once one has succeeded.
    private int _isUnderWay;

    public Upgrader(ListenerSet listeners, Lifecycle lifecycle, ILogger<Upgrader> logger, TimeSpan? deadline = null) =>
        (_listeners, _lifecycle, _logger, _deadline) = (listeners, lifecycle, logger, deadline ?? Deadline);

    /// <summary>Called with the process that serves from now on.</summary>
    public Action<int>? Served { get; init; }

    /// <summary>Cancelled once this process is to stop because another one serves.</summary>
    public CancellationToken Replaced => _replaced.Token;

    /// <summary>Lets this process stop: whoever asked has been answered.</summary>
    public void LetGo() => _replaced.Cancel();

    /// <summary>Ends a process that was to serve and does not yet: this one is to stop, and nobody is to serve after
    /// it.</summary>
    public void Abandon() => _abandoned.Cancel();

    /// <summary>As <see cref="RunAsync"/>, for a signal, to which nobody waits for an answer.</summary>
    public async Task ObeyAsync()
    {
        if ((await RunAsync("USR2")).Problem is null)
        {
            LetGo();
        }
    }

    /// <summary>Starts the other process and waits until it serves.</summary>
    /// <param name="asker">Who wants it, as the log says it.</param>
    public async Task<UpgradeResult> RunAsync(string asker)
    {
        var result = Refuse() is { } refusal ? UpgradeResult.Refused(refusal)
            : Interlocked.Exchange(ref _isUnderWay, 1) == 1 ? UpgradeResult.Refused("an upgrade is under way already")
            : await TryAsync(asker);
        if (result.Problem is { } problem)
        {
            UpgradeLog.Failed(_logger, asker, problem);
        }
        else
        {
            Served?.Invoke(result.Process);
            UpgradeLog.Replaced(_logger, result.Process);
        }

        return result;
    }

    public void Dispose()
    {
        _replaced.Dispose();
        _abandoned.Dispose();
    }

    private string? Refuse() => !_lifecycle.IsReady || _lifecycle.IsStopping ? "the process is about to stop"
        : _program is null ? "how this process was started stands in /proc, which cannot be read"
        : ReplacementRules.Refuse(
            Environment.ProcessId, _parent, Environment.GetEnvironmentVariable);

    private async Task<UpgradeResult> TryAsync(string asker)
    {
        var result = UpgradeResult.Failed("it was broken off");
        try
        {
            result = await StartAsync(asker);
            if (result.Problem is null)
            {
                // Before anybody hears of it: who asks next is to reach the other one.
                await _listeners.StopAcceptingAsync();
            }
        }
        catch (Exception e) when (e is Win32Exception or IOException or InvalidOperationException)
        {
            result = UpgradeResult.Failed($"{_program!.Path} cannot be started: {e.Message}");
        }
        finally
        {
            if (result.Problem is not null)
            {
                _listeners.Own();
                Volatile.Write(ref _isUnderWay, 0);
            }
        }

        return result;
    }

    private async Task<UpgradeResult> StartAsync(string asker)
    {
        using var ready = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.Inheritable);
        var start = _program!.Again();
        start.Environment[InheritedSockets.Variable] = _listeners.Share();
        start.Environment[ReadySignal.Variable] = ready.GetClientHandleAsString();
        using var process = Process.Start(start)!;
        ready.DisposeLocalCopyOfClientHandle();
        UpgradeLog.Started(_logger, asker, process.Id, _program.Path);
        var isReady = ReadAsync(ready);
        return await IsTrueInTimeAsync(isReady) ? UpgradeResult.By(process.Id) : await EndAsync(process, isReady);
    }

    // A pipe is read by a thread that waits, which none of those that serve requests may do.
    private static Task<bool> ReadAsync(AnonymousPipeServerStream ready) => Task.Factory.StartNew(
        () => ready.ReadByte() == ReadySignal.Ready, CancellationToken.None, TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    private async Task<bool> IsTrueInTimeAsync(Task<bool> isReady) =>
        await Task.WhenAny(isReady, Task.Delay(_deadline, _abandoned.Token)) == isReady && await isReady;

    private async Task<UpgradeResult> EndAsync(Process process, Task<bool> isReady)
    {
        // Its pipe has closed because it ends; what it has to say of that stands in its code.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_abandoned.Token);
        patience.CancelAfter(TimeSpan.FromSeconds(2));
        try
        {
            await process.WaitForExitAsync(patience.Token);
            return UpgradeResult.Failed(
                $"the new process ended with exit code {process.ExitCode}, and has said why on standard error");
        }
        catch (OperationCanceledException)
        {
            if (isReady is { IsCompletedSuccessfully: true, Result: true })
            {
                return UpgradeResult.By(process.Id); // late, but clients may be with it already
            }

            process.Kill();
            return UpgradeResult.Failed(_abandoned.IsCancellationRequested
                ? "this process stops, and the new one was ended"
                : $"the new process did not serve within {_deadline.TotalSeconds:0} s, and was ended");
        }
    }
}
