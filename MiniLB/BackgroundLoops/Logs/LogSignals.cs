using System.Runtime.InteropServices;

namespace MiniLB.BackgroundLoops.Logs;

/// <summary>USR1: log files have been renamed and are to be opened again.</summary>
internal sealed class LogSignals : IDisposable
{
    // PosixSignal has no name for it; its number is Linux's on every processor that .NET runs on.
    private const PosixSignal Usr1 = (PosixSignal)10;

    private readonly PosixSignalRegistration _registration;

    public LogSignals(Action reopen)
    {
        _registration = PosixSignalRegistration.Create(Usr1, context =>
        {
            context.Cancel = true; // what the system does by itself is to end the process
            reopen();
        });
    }

    public void Dispose() => _registration.Dispose();
}
