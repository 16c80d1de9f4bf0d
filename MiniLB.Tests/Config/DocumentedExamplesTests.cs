using System.Text.RegularExpressions;
using MiniLB.Config.Options;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Config;

/// <summary>What docs/configuration.md shows is a configuration, and does what it is shown for.</summary>
public sealed partial class DocumentedExamplesTests
{
    private static readonly PoolOptions[] Pools =
    [
        .. Example().Matches(File.ReadAllText(
                Path.Combine(ProgramUnderTest.Metadata("SourceFolder"), "docs/configuration.md")))
            .Select(m => Configured.ByYaml(m.Groups[1].Value)).SelectMany(c => Configured.Good(c).Pools),
    ];

    [Fact]
    public void HashExample_HashesAHeaderWithinABound() => Assert.Equal(
        (StrategyName.ConsistentHash, new HashOptions
        {
            Source = HashKeySource.Header,
            Name = "X-User",
            BoundedLoad = 1.25,
        }),
        Pools.Where(p => p.Name == "cache").Select(p => (p.Strategy, p.Hash)).Single());

    [Fact]
    public void SessionExample_GivesACookieForHalfADay() => Assert.Equal(
        new StickySessionOptions
        {
            Enabled = true,
            Cookie = "shop-node",
            MaxAge = TimeSpan.FromHours(12),
            Secret = "the same on every node",
        },
        Pools.Single(p => p.Name == "shop").StickySession);

    [GeneratedRegex("^```yaml\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Example();
}
