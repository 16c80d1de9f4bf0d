namespace MiniLB.State;

/// <summary>What a client had not taken of its answers, and since when that has not changed.</summary>
/// <param name="Since">Milliseconds of the sweep's clock.</param>
/// <param name="Untaken">Bytes; 0 where it has taken everything.</param>
/// <param name="Answered">Bytes that it had been sent in all.</param>
internal readonly record struct Stall(long Since, int Untaken, long Answered);
