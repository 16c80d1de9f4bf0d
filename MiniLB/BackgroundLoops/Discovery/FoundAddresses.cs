using System.Net;

namespace MiniLB.BackgroundLoops.Discovery;

/// <summary>The addresses that a name has by the last look-up, and why that may not be all.</summary>
/// <param name="Addresses">Sorted, each once.</param>
/// <param name="Problem">What went wrong: what was known before stands in for what could not be asked. Null where
/// nothing did.</param>
/// <param name="IsKnown">False where nothing is known of the name: not even that it has none.</param>
internal sealed record FoundAddresses(IReadOnlyList<IPAddress> Addresses, string? Problem, bool IsKnown);
