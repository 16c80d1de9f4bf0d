using MiniLB.Config.Options;

namespace MiniLB.State;

/// <summary>How often each backend was ejected, and since when it is back.</summary>
/// <remarks>Used under the world's lock.</remarks>
internal sealed class EjectionHistory
{
    private readonly Dictionary<Backend, EjectionRecord> _records = [];

    /// <summary>Notes one more.</summary>
    /// <returns>How long it lasts.</returns>
    public TimeSpan Eject(Backend backend, EjectionOptions options, TimeSpan now)
    {
        var before = _records.GetValueOrDefault(backend);
        var times = 1 + EjectionRules.Forgive(before.Times, now - before.ReturnedAt, options.BaseTime);
        _records[backend] = new EjectionRecord(times, now);
        return EjectionRules.Length(options, times);
    }

    /// <summary>An ejection is over: from here on it is forgiven.</summary>
    public void Return(Backend backend, TimeSpan now) =>
        _records[backend] = _records[backend] with { ReturnedAt = now };

    public void ForgetThoseThatHaveLeft()
    {
        foreach (var gone in _records.Keys.Where(b => b.HasLeft).ToArray())
        {
            _records.Remove(gone);
        }
    }

    private readonly record struct EjectionRecord(int Times, TimeSpan ReturnedAt);
}
