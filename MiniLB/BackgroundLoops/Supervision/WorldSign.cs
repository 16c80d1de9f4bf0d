using MiniLB.State;

namespace MiniLB.BackgroundLoops.Supervision;

/// <summary>Whether backends can still be taken out of rotation and into it.</summary>
internal sealed class WorldSign(World world) : LifeSign
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(10);

    public override string Name => "the lock of the world";

    public override bool HasAnswered => world.CanChange(Moment);

    public override void Ask()
    {
        // The lock itself answers.
    }
}
