using System.Runtime.InteropServices;
using MiniLB.Transport.Epoll;

namespace MiniLB.Tests.Transport.Epoll;

/// <summary>A connection whose one end is on an event loop of the tests.</summary>
internal sealed partial class LoopPair : IAsyncDisposable
{
    /// <summary>For all tests: a loop lasts as long as its process.</summary>
    public static EventLoop Loop { get; } = new(0);

    private readonly SocketPair _pair = new();

    public LoopPair()
    {
        var peer = (System.Net.IPEndPoint)_pair.Ours.RemoteEndPoint!;
        Ours = new LoopConnection(Duplicate((int)_pair.Ours.Handle), peer, Loop);
        _pair.Ours.Dispose();
    }

    public LoopConnection Ours { get; }

    public System.Net.Sockets.Socket Theirs => _pair.Theirs;

    public void End() => _pair.End();

    public void Reset() => _pair.Reset();

    [LibraryImport("libc", EntryPoint = "dup")]
    private static partial int Duplicate(int descriptor);

    /// <returns>What was done on the loop's thread.</returns>
    public static Task<T> OnLoopAsync<T>(Func<T> what)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Loop.Post(
            _ =>
            {
                try
                {
                    done.SetResult(what());
                }
                catch (Exception e)
                {
                    done.SetException(e);
                }
            },
            done);
        return done.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    public async ValueTask DisposeAsync()
    {
        await Ours.DisposeAsync();
        _pair.Dispose();
    }
}
