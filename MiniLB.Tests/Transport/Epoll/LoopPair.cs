using MiniLB.Transport.Epoll;

namespace MiniLB.Tests.Transport.Epoll;

/// <summary>A connection whose one end is on an event loop of the tests.</summary>
internal sealed class LoopPair : IAsyncDisposable
{
    /// <summary>For all tests: a loop lasts as long as its process.</summary>
    public static EventLoop Loop { get; } = new(0);

    private readonly SocketPair _pair = new();

    public LoopPair() => Ours = new LoopConnection(_pair.Ours, Loop);

    public LoopConnection Ours { get; }

    public System.Net.Sockets.Socket Theirs => _pair.Theirs;

    public void End() => _pair.End();

    public void Reset() => _pair.Reset();

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
