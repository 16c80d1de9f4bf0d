using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Samples;

public sealed class ApiKeyHookTests
{
    [Fact]
    public void Document_ShowsTheVerySample()
    {
        var root = ProgramUnderTest.Metadata("SourceFolder");
        var sample = File.ReadAllText(Path.Combine(root, "MiniLB.Tests/Samples/ApiKeyHook.cs"))
            .Replace("namespace MiniLB.Tests.Samples;", "namespace MiniLB;", StringComparison.Ordinal);

        Assert.Contains(sample, File.ReadAllText(Path.Combine(root, "docs/extending.md")), StringComparison.Ordinal);
    }
}
