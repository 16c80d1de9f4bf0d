using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using MiniLB.Tests.Fuzzing.Scripts;

namespace MiniLB.Tests.Fuzzing.Oracle;

/// <summary>The cases under way and those that ended a moment ago, by the client's address: each case has one of its
/// own from 127.0.0.0/8, which the balancer passes on in X-Forwarded-For.</summary>
internal sealed class LiveCases(Findings findings)
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, LiveCase> _byAddress = [];
    private readonly ConcurrentQueue<LiveCase> _ended = [];
    private int _next = -1;

    public LiveCase Begin(FuzzCase script)
    {
        var number = Interlocked.Increment(ref _next) & 0x3F_FFFF;
        var address = new IPAddress([127, (byte)(1 + (number >> 16)), (byte)(number >> 8), (byte)number]);
        return _byAddress[address.ToString()] = new LiveCase(script, address, findings);
    }

    public bool TryFind(string address, [MaybeNullWhen(false)] out LiveCase live) =>
        _byAddress.TryGetValue(address, out live);

    /// <summary>Keeps an ended case for a while, for what still arrives of it.</summary>
    public void End(LiveCase live)
    {
        _ended.Enqueue(live);
        while (_ended.TryPeek(out var oldest) && oldest.Age.Elapsed > Kept && _ended.TryDequeue(out oldest))
        {
            _byAddress.TryRemove(oldest.Client.ToString(), out _);
        }
    }
}
