namespace MiniLB.Transport;

/// <summary>Who has a listening socket open.</summary>
internal enum SocketOwner
{
    /// <summary>This process alone.</summary>
    Process,

    /// <summary>This process and the one that it replaces, or that replaces it.</summary>
    Processes,

    /// <summary>systemd, before us and after us.</summary>
    Systemd,
}
