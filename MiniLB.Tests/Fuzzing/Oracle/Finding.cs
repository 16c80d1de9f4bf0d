using MiniLB.Tests.Fuzzing.Scripts;

namespace MiniLB.Tests.Fuzzing.Oracle;

/// <summary>One thing that ought not to have happened; the kind is a fixed text, so that like ones are counted
/// together.</summary>
internal sealed record Finding(string Kind, string Detail, FuzzCase? Case);
