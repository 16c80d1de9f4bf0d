namespace MiniLB.Tests.Fuzzing.Oracle;

/// <summary>A request that reached a backend, and the client's message that it is; -1 where it is none.</summary>
internal readonly record struct Arrival(int Index, bool IsFirst);
