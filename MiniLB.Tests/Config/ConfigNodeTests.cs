using MiniLB.Config;

namespace MiniLB.Tests.Config;

public sealed class ConfigNodeTests
{
    private static readonly ConfigOrigin Flag = new("--set");

    [Fact]
    public void Set_OnAnEmptyMap_MakesMapsAndListsOnTheWay()
    {
        var root = ConfigNode.Map(Flag);

        Assert.Null(Set(root, "pools.web.backends.0.url", "http://a"));

        Assert.Equal("{pools:{web:{backends:[{url:http://a}]}}}", Text(root));
    }

    [Fact]
    public void Set_OfAnExistingValue_ReplacesItAndLeavesItsNeighbours()
    {
        var root = ConfigNode.Map(Flag);
        Set(root, "log.level", "debug");
        Set(root, "log.format", "json");

        Assert.Null(Set(root, "log.level", "error"));

        Assert.Equal("{log:{level:error,format:json}}", Text(root));
    }

    [Fact]
    public void Set_InsideAPlainListItem_ReplacesThePlainValueByAMap()
    {
        var root = ConfigNode.Map(Flag);
        Set(root, "backends.0", "http://a");

        Assert.Null(Set(root, "backends.0.weight", "3"));

        Assert.Equal("{backends:[{weight:3}]}", Text(root));
    }

    [Fact]
    public void Set_AtThePositionAfterTheLast_AppendsAndBeyondItNamesTheGap()
    {
        var root = ConfigNode.Map(Flag);
        Set(root, "hosts.0", "a");

        Assert.Null(Set(root, "hosts.1", "b"));

        Assert.Equal("position 3 leaves a gap: the list has 2 items before it", Set(root, "hosts.3", "d"));
        Assert.Equal("{hosts:[a,b]}", Text(root));
    }

    [Theory]
    [InlineData("hosts.first")]
    [InlineData("hosts.-1")]
    [InlineData("hosts. 1")]
    [InlineData("hosts.+1")]
    [InlineData("hosts.99999999999")]
    public void Set_AtWhatIsNoPosition_SaysSo(string path)
    {
        var root = ConfigNode.Map(Flag);
        Set(root, "hosts.0", "a");

        Assert.Equal($"'{path["hosts.".Length..]}' is not a position in a list", Set(root, path, "x"));
    }

    [Fact]
    public void Set_OfAnotherCase_MeansTheSameMemberOnlyWhereCaseDoesNotMatter()
    {
        var root = ConfigNode.Map(Flag);
        Set(root, "statusPath", "/a");

        root.Set(["STATUSPATH"], ConfigNode.Scalar("/b", Flag), anyCase: true);
        Assert.Equal("{statusPath:/b}", Text(root));

        root.Set(["StatusPath"], ConfigNode.Scalar("/c", Flag), anyCase: false);
        Assert.Equal("{statusPath:/b,StatusPath:/c}", Text(root));
    }

    private static string? Set(ConfigNode root, string path, string value) =>
        root.Set(path.Split('.'), ConfigNode.Scalar(value, Flag), anyCase: false);

    private static string Text(ConfigNode node) => node.Kind switch
    {
        ConfigKind.Map => "{" + string.Join(',', node.Members.Select(m => $"{m.Name}:{Text(m.Value)}")) + "}",
        ConfigKind.List => "[" + string.Join(',', node.Items.Select(Text)) + "]",
        _ => node.Text ?? "null",
    };
}
