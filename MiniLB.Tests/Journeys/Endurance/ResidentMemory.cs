using System.Globalization;
using MiniLB.Tests.Journeys.Peers;

namespace MiniLB.Tests.Journeys.Endurance;

/// <summary>Watches the resident memory of a process from a moment on.</summary>
internal sealed class ResidentMemory : IAsyncDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _end = new();
    private readonly int _process;
    private readonly Task _watching;

    public ResidentMemory(int process)
    {
        _process = process;
        Before = Highest = ProcessFigures.Resident(process);
        _watching = WatchAsync();
    }

    public long Before { get; }

    /// <summary>The highest so far; written by the watching task alone.</summary>
    public long Highest { get; private set; }

    public long Grown => Highest - Before;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"resident memory {ProcessFigures.MiB(Before)}, at most {ProcessFigures.MiB(Highest)}"
        + $" (+{ProcessFigures.MiB(Grown)}), at the end {ProcessFigures.MiB(ProcessFigures.Resident(_process))}");

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _watching;
        _end.Dispose();
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(Pace);
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token))
            {
                Highest = Math.Max(Highest, ProcessFigures.Resident(_process));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The test has ended, or the process has.
        }
    }
}
