namespace MiniLB.BackgroundLoops.Memory;

/// <summary>Tells when there are few of what there were many, once for each time that there were many.</summary>
internal struct Peak
{
    /// <summary>Of fewer connections, or pieces of memory of their size, what is given back is not worth a pause: 4 KB
    /// each, and twice that while they are busy.</summary>
    public const long Many = 1_000;

    /// <summary>Beats for which there must be few: who comes and goes in waves is not collected after each.</summary>
    public const int Wait = 10;

    private long _most;
    private int _beats;

    /// <summary>Asked at each beat.</summary>
    /// <param name="now">How many there are.</param>
    public bool IsOver(long now)
    {
        _most = Math.Max(_most, now);
        _beats = _most >= Many && now <= _most / 4 ? _beats + 1 : 0;
        if (_beats < Wait)
        {
            return false;
        }

        (_most, _beats) = (now, 0);
        return true;
    }
}
