using MiniLB.State;

namespace MiniLB.RequestPath.Balance;

/// <summary>The backends that one request has been given to. Costs no memory in pools of up to 64.</summary>
internal struct TriedBackends
{
    private ulong _first64;
    private HashSet<Backend>? _rest;

    public readonly bool IsEmpty => _first64 == 0 && _rest is null;

    public readonly bool Contains(Backend backend) =>
        backend.Index < 64 ? (_first64 & (1UL << backend.Index)) != 0 : _rest?.Contains(backend) == true;

    public void Add(Backend backend)
    {
        if (backend.Index < 64)
        {
            _first64 |= 1UL << backend.Index;
        }
        else
        {
            (_rest ??= []).Add(backend);
        }
    }
}
