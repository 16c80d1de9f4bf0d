using MiniLB.Tests.Fuzzing.Strict;

namespace MiniLB.Tests.Fuzzing.Oracle;

/// <summary>What a client received for one request: interim answers, then one that is final or breaks off.</summary>
internal sealed record ClientAnswer(IReadOnlyList<StrictMessage> Interims, StrictMessage Final);
