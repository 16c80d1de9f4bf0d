using MiniLB.Config.Options;

namespace MiniLB.BackgroundLoops.Discovery;

/// <summary>What a look-up of a source has come to.</summary>
/// <param name="Backends">Those that it has by now, be they none; null where nothing is known anew.</param>
/// <param name="Problem">What went wrong; null where nothing did.</param>
/// <param name="Kept">The last good answers from now on.</param>
internal sealed record SourceFinding(
    IReadOnlyList<BackendOptions>? Backends, string? Problem, KeptAddresses Kept);
