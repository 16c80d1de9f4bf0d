using System.Runtime.InteropServices;

namespace MiniLB.BackgroundLoops.Upgrade;

/// <summary>USR2: another process is to take over.</summary>
internal sealed class UpgradeSignal : IDisposable
{
    // PosixSignal has no name for it; its number is Linux's on every processor that .NET runs on.
    private const PosixSignal Usr2 = (PosixSignal)12;

    private readonly PosixSignalRegistration _registration;

    public UpgradeSignal(Func<Task> upgrade)
    {
        _registration = PosixSignalRegistration.Create(Usr2, context =>
        {
            context.Cancel = true; // what the system does by itself is to end the process
            _ = Task.Run(upgrade);
        });
    }

    public void Dispose() => _registration.Dispose();
}
