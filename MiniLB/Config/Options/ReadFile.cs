namespace MiniLB.Config.Options;

/// <summary>A file that was read for a configuration, beside the configuration itself.</summary>
/// <param name="Path">As it was written.</param>
/// <param name="Digest">SHA-256 of its content; empty where it could not be read.</param>
internal sealed record ReadFile(string Path, string Digest);
