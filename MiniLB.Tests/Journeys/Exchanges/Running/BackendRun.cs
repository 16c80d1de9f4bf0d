using System.Collections.Concurrent;
using MiniLB.Tests.Journeys.Exchanges.Table;

namespace MiniLB.Tests.Journeys.Exchanges.Running;

/// <summary>What a backend saw while one row ran.</summary>
internal sealed class BackendRun(ExchangeRow row, Func<string> clientReceived)
{
    private int _scripts;
    private int _busy;

    public ConcurrentQueue<ReceivedRequest> Requests { get; } = [];

    /// <summary>What its scripts waited for in vain, and bytes that belong to no request.</summary>
    public ConcurrentQueue<string> Faults { get; } = [];

    /// <summary>The requests beside the row's: those that ask whether all is well afterwards.</summary>
    public ConcurrentQueue<ReceivedRequest> Afterwards { get; } = [];

    /// <summary>What the client has received.</summary>
    public string ClientReceived => clientReceived();

    public bool IsBusy => Volatile.Read(ref _busy) > 0;

    public void Begin() => Interlocked.Increment(ref _busy);

    public void End() => Interlocked.Decrement(ref _busy);

    /// <returns>The script for the next request; a request too many is answered too.</returns>
    public Step[] NextScript()
    {
        var index = Interlocked.Increment(ref _scripts) - 1;
        return index < row.Backend.Length ? row.Backend[index] : Steps.SaysOk[0];
    }
}
