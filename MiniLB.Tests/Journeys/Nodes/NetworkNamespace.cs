using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using MiniLB.Tests.Journeys.Peers;

namespace MiniLB.Tests.Journeys.Nodes;

/// <summary>A network of its own, in which processes run and sockets are made.</summary>
internal sealed partial class NetworkNamespace : IAsyncDisposable
{
    private const int CloneNewNet = 0x40000000;

    private NetworkNamespace(string name) => Name = name;

    public string Name { get; }

    public static async Task<NetworkNamespace> CreateAsync(string name)
    {
        var made = new NetworkNamespace($"minilb-{Environment.ProcessId}-{name}");
        await DoAsync("netns", "add", made.Name);
        await made.IpAsync("link", "set", "lo", "up");
        return made;
    }

    /// <summary>Runs ip(8) inside and returns what it says.</summary>
    public Task<string> IpAsync(params string[] arguments) => DoAsync(["-n", Name, .. arguments]);

    /// <summary>The same command, to be run inside.</summary>
    public ProcessStartInfo Inside(ProcessStartInfo command)
    {
        string[] before = ["netns", "exec", Name, command.FileName, .. command.ArgumentList];
        command.FileName = "ip";
        command.ArgumentList.Clear();
        before.ToList().ForEach(command.ArgumentList.Add);
        return command;
    }

    /// <summary>Makes a socket that stays inside, whoever uses it.</summary>
    public Socket NewSocket(AddressFamily family = AddressFamily.InterNetwork)
    {
        Socket? made = null;
        // A network belongs to a thread, so it must be one that does nothing else.
        var inside = new Thread(() =>
        {
            using var handle = File.OpenHandle($"/run/netns/{Name}");
            if (SetNamespace(handle, CloneNewNet) == 0)
            {
                made = new Socket(family, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            }
        });
        inside.Start();
        inside.Join();
        return made ?? throw new InvalidOperationException($"cannot enter {Name}: only root may");
    }

    /// <summary>Kills all that runs inside, at once and without a farewell.</summary>
    public async Task KillAllAsync()
    {
        foreach (var process in (await DoAsync("netns", "pids", Name)).Split(
            '\n', StringSplitOptions.RemoveEmptyEntries))
        {
            await Tool.RunAsync("kill", "-KILL", process);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAllAsync();
        await DoAsync("netns", "del", Name);
    }

    private static async Task<string> DoAsync(params string[] arguments)
    {
        var done = await Tool.RunAsync("ip", arguments);
        Assert.True(done.ExitCode == 0, $"ip {string.Join(' ', arguments)}: {done.Errors}");
        return done.Output;
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(SafeHandle file, int kind);
}
