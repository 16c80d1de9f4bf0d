namespace MiniLB.Admin;

/// <summary>What came with a request to the admin address.</summary>
/// <param name="Peer">Who asks, for the log.</param>
/// <param name="Body">All of the body; empty where there is none.</param>
internal sealed record AdminCommand(string Peer, byte[] Body);
