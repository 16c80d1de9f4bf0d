namespace MiniLB.Transport.Epoll;

/// <summary>How often something was done in one round of a loop: whoever could go on for ever must leave the thread to
/// others.</summary>
internal struct Turn
{
    private int _round;
    private int _count;

    /// <summary>Counts once more.</summary>
    /// <param name="loop">Runs the caller.</param>
    /// <param name="most">How often it may be done in one round.</param>
    /// <returns>True where it was done often enough.</returns>
    public bool IsOver(EventLoop loop, int most)
    {
        (_round, _count) = (loop.Round, _round == loop.Round ? _count + 1 : 1);
        return _count > most;
    }
}
