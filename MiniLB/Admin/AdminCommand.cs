namespace MiniLB.Admin;

/// <summary>What came with a request to the admin address.</summary>
/// <param name="Peer">Who asks, for the log.</param>
/// <param name="Body">All of the body; empty where there is none.</param>
/// <param name="Accept">What it would like to be answered; null where it does not say.</param>
internal sealed record AdminCommand(string Peer, byte[] Body, string? Accept = null);
