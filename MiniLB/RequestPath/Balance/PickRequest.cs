using MiniLB.State;

namespace MiniLB.RequestPath.Balance;

/// <summary>What a strategy may know about the request that it picks for.</summary>
/// <param name="Excluded">Backends that it was given to before, or that have no room for it.</param>
/// <param name="Key">The hash of what the pool's hash names; any number where the request has no such thing, or where
/// the strategy wants none.</param>
internal readonly record struct PickRequest(BackendSet Excluded, ulong Key);
