using System.Diagnostics;

namespace MiniLB.Tests.Journeys.Harness;

/// <summary>Waits on a condition with a deadline; what is still false then fails the test.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    public static Task True(Func<bool> condition, string what, Func<string>? found = null) =>
        True(() => Task.FromResult(condition()), what, found);

    public static async Task True(Func<Task<bool>> condition, string what, Func<string>? found = null)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > Deadline)
            {
                Assert.Fail($"not within {Deadline.TotalSeconds} s: {what}\n{found?.Invoke()}");
            }

            await Task.Delay(Pause);
        }
    }
}
