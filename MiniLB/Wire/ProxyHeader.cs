using System.Net;

namespace MiniLB.Wire;

/// <summary>What a PROXY header says about a connection.</summary>
/// <param name="Origin">Whose connection it is.</param>
/// <param name="Source">The client, where <paramref name="Origin"/> is an address; else null.</param>
/// <param name="Destination">Where the client connected to; null as the source is.</param>
internal readonly record struct ProxyHeader(ProxyOrigin Origin, IPEndPoint? Source, IPEndPoint? Destination);
