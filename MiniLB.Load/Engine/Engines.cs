namespace MiniLB.Load.Engine;

/// <summary>The engine that this program was compiled with (<c>-p:LoadEngine=NBomber</c>, else the built-in
/// one).</summary>
internal static class Engines
{
#if NBOMBER
    public static ILoadEngine Create(LoadClock clock) => new NBomber.NBomberEngine(clock);
#else
    public static ILoadEngine Create(LoadClock clock) => new BuiltInEngine(clock);
#endif
}
