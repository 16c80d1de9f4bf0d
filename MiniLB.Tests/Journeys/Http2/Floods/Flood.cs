namespace MiniLB.Tests.Journeys.Http2.Floods;

/// <summary>Frames that cost a client little and a careless server much, sent until a limit, an end or a
/// stall.</summary>
/// <param name="Name">What is flooded.</param>
/// <param name="Opening">Sent once, after preface and settings.</param>
/// <param name="Burst">The n-th burst of frames.</param>
internal sealed record Flood(string Name, byte[] Opening, Func<int, byte[]> Burst)
{
    /// <summary>Whether the program must end the connection; else it may as well serve it at bounded cost.</summary>
    public bool MustEnd { get; init; }

    /// <summary>Whether the client takes what is sent to it.</summary>
    public bool Reads { get; init; } = true;
}
