using MiniLB.Config;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Config;

public sealed class MemoryLimitTests : IDisposable
{
    private readonly TemporaryFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData("0::/a/b", "sys/fs/cgroup/a/b/memory.max", "33554432", 33554432)]
    [InlineData("0::/a/b", "sys/fs/cgroup/a/memory.max", "33554432", 33554432)]
    [InlineData("0::/", "sys/fs/cgroup/memory.max", "33554432", 33554432)]
    [InlineData("0::/a", "sys/fs/cgroup/a/memory.max", "max", 0)]
    [InlineData("4:memory:/a", "sys/fs/cgroup/memory/a/memory.limit_in_bytes", "33554432", 33554432)]
    [InlineData("4:cpu,memory:/a", "sys/fs/cgroup/memory/a/memory.limit_in_bytes", "33554432", 33554432)]
    [InlineData("4:memory:/as/outside", "sys/fs/cgroup/memory/memory.limit_in_bytes", "33554432", 33554432)]
    [InlineData("4:memory:/a", "sys/fs/cgroup/memory/a/memory.limit_in_bytes", "9223372036854771712", 0)]
    [InlineData("4:cpu:/a", "sys/fs/cgroup/memory/a/memory.limit_in_bytes", "33554432", 0)]
    [InlineData("nonsense", "sys/fs/cgroup/memory.max", "33554432", 0)]
    public void Limit_IsThatOfTheGroup_OrOfOneAroundIt(string group, string file, string text, long limit)
    {
        Write("proc/self/cgroup", group);
        Write(file, text);

        Assert.Equal(limit, MemoryLimit.Read(_root.File("")));
    }

    [Fact]
    public void Limit_OfSeveral_IsTheSmallest()
    {
        Write("proc/self/cgroup", "0::/a/b");
        Write("sys/fs/cgroup/a/memory.max", "1000000");
        Write("sys/fs/cgroup/a/b/memory.max", "2000000");

        Assert.Equal(1_000_000, MemoryLimit.Read(_root.File("")));
    }

    [Fact]
    public void Limit_OfASystemThatTellsNothing_IsNone() => Assert.Equal(0, MemoryLimit.Read(_root.File("")));

    private void Write(string path, string text)
    {
        var file = _root.File(path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text + "\n");
    }
}
