using MiniLB.RequestPath.Admit;

namespace MiniLB.Tests.RequestPath.Admit;

public sealed class RequestIdsTests
{
    [Fact]
    public void Ids_OfManyThreads_AreUniqueAndThirtyTwoHexadecimalDigits()
    {
        var ids = ParallelEnumerable.Range(0, 100_000).Select(_ => RequestIds.Text(RequestIds.Next())).ToArray();

        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Matches("^[0-9a-f]{32}$", id));
    }
}
