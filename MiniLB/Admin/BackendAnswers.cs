using MiniLB.State;

namespace MiniLB.Admin;

/// <summary>Shows the backends as they are at this moment.</summary>
internal sealed class BackendAnswers(World world)
{
    public OwnAnswer All()
    {
        var pools = world.Current.Pools.Select(pool => new PoolDocument(
            pool.Options.Name,
            pool.Waiting.Now,
            [.. pool.All.Select(b => BackendDocument.Of(world, pool, b))]));
        return OwnAnswer.Json(new BackendsDocument([.. pools]), BackendsJson.Default.BackendsDocument);
    }

    public AdminAnswer One(string pool, string name)
    {
        if (BackendNames.Find(world.Current, pool, name, out var backend) is { } refusal)
        {
            return refusal;
        }

        return OwnAnswer.Json(
            BackendDocument.Of(world, world.PoolOf(backend)!, backend), BackendsJson.Default.BackendDocument);
    }
}
