using System.Runtime.InteropServices;

namespace MiniLB.BackgroundLoops.Shutdown;

/// <summary>TERM, INT and QUIT: the first asks for a graceful stop, the second for one at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly PosixSignalRegistration[] _registrations;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _cut = new();
    private int _received;

    public StopSignals()
    {
        _registrations =
        [
            .. new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT }
                .Select(s => PosixSignalRegistration.Create(s, Receive)),
        ];
    }

    public CancellationToken Stop => _stop.Token;

    public CancellationToken Cut => _cut.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _stop.Dispose();
        _cut.Dispose();
    }

    private void Receive(PosixSignalContext context)
    {
        context.Cancel = true;
        (Interlocked.Increment(ref _received) == 1 ? _stop : _cut).Cancel();
    }
}
