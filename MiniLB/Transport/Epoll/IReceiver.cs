namespace MiniLB.Transport.Epoll;

/// <summary>Has room for what has come only once it has, and is told of it before the one who waits.</summary>
internal interface IReceiver
{
    /// <returns>Where the bytes go that have come.</returns>
    Span<byte> Room();

    /// <param name="count">Bytes; 0 at the end.</param>
    /// <returns>What is told to the one who waits.</returns>
    /// <exception cref="IOException">It is no end, but a break.</exception>
    int Arrived(int count);
}
