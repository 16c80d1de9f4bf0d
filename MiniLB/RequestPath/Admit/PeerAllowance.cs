using System.Collections.Concurrent;

namespace MiniLB.RequestPath.Admit;

/// <summary>Counts what each client has in use and says no above a limit. Take one, give one back exactly
/// once.</summary>
/// <remarks>It knows only clients that have something in use, so that it is as large as that. All are counted, whether
/// there is a limit at the moment or not: a reload may bring one.</remarks>
internal sealed class PeerAllowance
{
    private readonly ConcurrentDictionary<ulong, int> _taken = new();

    /// <summary>Clients that have something in use.</summary>
    public int Clients => _taken.Count;

    /// <param name="client">See <see cref="ClientKey"/>.</param>
    /// <param name="most">0 means no limit.</param>
    /// <returns>False where the limit is reached; then nothing was taken.</returns>
    public bool TryTake(ulong client, int most)
    {
        while (true)
        {
            if (!_taken.TryGetValue(client, out var taken))
            {
                if (_taken.TryAdd(client, 1))
                {
                    return true;
                }
            }
            else if (most > 0 && taken >= most)
            {
                return false;
            }
            else if (_taken.TryUpdate(client, taken + 1, taken))
            {
                return true;
            }
        }
    }

    public void GiveBack(ulong client)
    {
        while (true)
        {
            var taken = _taken[client];
            if (taken == 1
                ? _taken.TryRemove(new KeyValuePair<ulong, int>(client, 1))
                : _taken.TryUpdate(client, taken - 1, taken))
            {
                return;
            }
        }
    }
}
