namespace MiniLB.Tests.Fuzzing;

/// <summary>Fuzzing takes the whole machine, so it runs when the other tests have ended.</summary>
[CollectionDefinition(nameof(FuzzingAlone), DisableParallelization = true)]
public sealed class FuzzingAlone;
