namespace MiniLB.Load.Engine;

/// <summary>How much load, and for how long.</summary>
/// <param name="Connections">Requests in flight at a time.</param>
/// <param name="Time">How long new requests are started.</param>
internal sealed record LoadProfile(int Connections, TimeSpan Time);
