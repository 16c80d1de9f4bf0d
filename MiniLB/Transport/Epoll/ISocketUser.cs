namespace MiniLB.Transport.Epoll;

/// <summary>Whoever reads and writes a socket of an event loop; called by the loop only.</summary>
internal interface ISocketUser
{
    /// <summary>Reads for it.</summary>
    object Reader => this;

    /// <summary>What waits for the read; null where nothing does, or that is not known.</summary>
    object? Waiting => null;

    /// <summary>What its read has waited for may have come.</summary>
    void ResumeReading();

    /// <summary>What its write has waited for may have come.</summary>
    void ResumeWriting();

    /// <summary>The other side has ended the connection or its half of it; told once.</summary>
    void HungUp();
}
