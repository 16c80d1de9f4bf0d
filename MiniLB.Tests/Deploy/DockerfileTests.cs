using System.Text.RegularExpressions;
using System.Xml.Linq;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Deploy;

/// <summary>The Dockerfile copies what there is and what .dockerignore lets through. That its commands work, the parts
/// of .ci/run see.</summary>
public sealed partial class DockerfileTests
{
    private static readonly string Root = ProgramUnderTest.Metadata("SourceFolder");
    private static readonly string Dockerfile = File.ReadAllText(Path.Combine(Root, "Dockerfile"));
    private static readonly string[] LetThrough = [.. File.ReadLines(Path.Combine(Root, ".dockerignore"))
        .Where(l => l.StartsWith('!')).Select(l => l[1..])];

    [Fact]
    public void WhatTheBuildFromSourceCopies_IsThere_AndIsLetThrough()
    {
        var copied = Copied().Where(f => !f.StartsWith("out/", StringComparison.Ordinal)).ToArray();

        Assert.Equal(["publish.sh", "global.json", "Directory.Build.props", ".editorconfig", "MiniLB"], copied);
        Assert.All(copied, f => Assert.True(Path.Exists(Path.Combine(Root, f)), f));
        Assert.Superset(copied.ToHashSet(), LetThrough.ToHashSet());
    }

    [Fact]
    public void ThePublishedFile_IsThatOfThePlatform_AndIsLetThrough()
    {
        Assert.Contains("out/minilb-$TARGETARCH", Copied());
        Assert.Contains("out/minilb-*", LetThrough);
        var script = File.ReadAllText(Path.Combine(Root, "publish.sh"));
        Assert.Contains("rid=linux-x64 architecture=amd64", script, StringComparison.Ordinal);
        Assert.Contains("rid=linux-arm64 architecture=arm64", script, StringComparison.Ordinal);
    }

    [Fact]
    public void BaseImage_HasAVersion() =>
        Assert.Matches(@"(?m)^ARG SDK=[a-z./]+/sdk:10\.0-[a-z]+$", Dockerfile);

    [Fact]
    public void Version_IsThePrograms()
    {
        var properties = XDocument.Load(Path.Combine(Root, "Directory.Build.props"));
        var version = properties.Descendants("Version").Single().Value;

        Assert.Contains($"ARG VERSION={version}\n", Dockerfile, StringComparison.Ordinal);
    }

    // Of the build's own folder, not of another stage.
    private static IEnumerable<string> Copied() => Copy().Matches(Dockerfile)
        .SelectMany(m => m.Groups[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)[..^1]);

    [GeneratedRegex("(?m)^COPY (?!--)(.+)$")]
    private static partial Regex Copy();
}
