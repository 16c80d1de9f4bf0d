using MiniLB.Config.Options;

namespace MiniLB.State;

/// <summary>Gives each backend of a pool a place, which is its index and where its requests in flight are
/// counted.</summary>
/// <remarks>A backend keeps its place through all reloads. One that has left gives it up when nothing of it is in
/// flight any more, and from then on refuses requests, which may still hold an old snapshot. Used under the world's
/// lock.</remarks>
internal sealed class BackendPlaces
{
    // Twice what a configuration may name: as many again may have left and not be done. Memory that is never touched
    // is never given by the system.
    private const int Most = 2 * PoolOptions.MostBackends;

    private readonly SortedSet<int> _free = [];
    private readonly List<Backend> _leaving = [];
    private int[]? _loads;
    private int _used;

    /// <summary>Those that have left and still have something in flight.</summary>
    public IReadOnlyList<Backend> Leaving => _leaving;

    private int Free => _free.Count + Most - _used;

    /// <returns>False where so many have left and are not done that there is no place for more.</returns>
    public bool HasRoomFor(int backends)
    {
        Tidy();
        return backends <= Free;
    }

    public Backend Add(BackendOptions options)
    {
        var index = _used;
        if (_free.Count > 0)
        {
            index = _free.Min;
            _free.Remove(index);
        }
        else
        {
            _used++;
        }

        return new Backend(options, index, _loads ??= new int[Most]);
    }

    public void Remove(Backend backend)
    {
        backend.HasLeft = true;
        _leaving.Add(backend);
    }

    /// <summary>Takes back the places of those that have left and are done.</summary>
    public void Tidy()
    {
        for (var i = _leaving.Count - 1; i >= 0; i--)
        {
            var backend = _leaving[i];
            if (backend.InFlight > 0)
            {
                continue;
            }

            // As in a drain: whoever begins looks at the mode again after it has counted itself.
            backend.Mode = BackendMode.Disabled;
            if (backend.InFlight == 0)
            {
                _leaving.RemoveAt(i);
                _free.Add(backend.Index);
            }
        }
    }
}
