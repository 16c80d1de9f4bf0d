using MiniLB.Load.Http;

namespace MiniLB.Load.Scenarios;

/// <summary>What a scenario is run against.</summary>
/// <param name="Url">Where its requests go.</param>
/// <param name="BackendField">The header field of answers that says who answered.</param>
/// <param name="IsSelf">True for our own sample backends, which can be asked for bodies of any size.</param>
internal sealed record Target(HttpTarget Url, string BackendField, bool IsSelf);
