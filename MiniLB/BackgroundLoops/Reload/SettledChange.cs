namespace MiniLB.BackgroundLoops.Reload;

/// <summary>Tells when something has changed and then stayed as it is: files are written in several steps.</summary>
/// <param name="first">What it was at the beginning.</param>
/// <param name="settled">How long it must stay.</param>
/// <param name="time">The clock.</param>
internal sealed class SettledChange<T>(T first, TimeSpan settled, TimeProvider time)
    where T : IEquatable<T>
{
    private T _told = first;
    private T _seen = first;
    private long _since;

    /// <returns>True once for each change.</returns>
    public bool IsSettled(T now)
    {
        if (!now.Equals(_seen))
        {
            (_seen, _since) = (now, time.GetTimestamp());
            return false;
        }

        if (_seen.Equals(_told) || time.GetElapsedTime(_since) < settled)
        {
            return false;
        }

        _told = _seen;
        return true;
    }
}
