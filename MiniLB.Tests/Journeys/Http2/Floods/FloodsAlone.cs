namespace MiniLB.Tests.Journeys.Http2.Floods;

/// <summary>Floods take every core there is: journeys that measure time must not run beside them.</summary>
[CollectionDefinition(nameof(FloodsAlone), DisableParallelization = true)]
public sealed class FloodsAlone;
