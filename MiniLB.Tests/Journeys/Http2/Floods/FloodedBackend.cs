using Microsoft.AspNetCore.Http;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Http2.Floods;

/// <summary>A backend that knows how much it had to do at a time.</summary>
internal sealed class FloodedBackend : IAsyncDisposable
{
    private const int LargeSize = 4 * 1024 * 1024;
    private static readonly TimeSpan SlowAnswer = TimeSpan.FromMilliseconds(50);

    private readonly TestBackend _backend;
    private readonly Counter _slow;

    private FloodedBackend(TestBackend backend, Counter slow) => (_backend, _slow) = (backend, slow);

    public string Url => _backend.Url;

    /// <summary>Requests of the flood at work now.</summary>
    public int Working => Volatile.Read(ref _slow.Now);

    /// <summary>The most requests of the flood that were at work at a time.</summary>
    public int Peak => Volatile.Read(ref _slow.Peak);

    public static async Task<FloodedBackend> StartAsync()
    {
        var slow = new Counter();
        return new FloodedBackend(await TestBackend.StartAsync(c => AnswerAsync(c, slow)), slow);
    }

    public ValueTask DisposeAsync() => _backend.DisposeAsync();

    private static async Task AnswerAsync(HttpContext context, Counter slow)
    {
        if (context.Request.Path == "/slow")
        {
            slow.Enter();
            try
            {
                await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
                await Task.Delay(SlowAnswer, context.RequestAborted);
            }
            finally
            {
                Interlocked.Decrement(ref slow.Now);
            }
        }

        if (context.Request.Path == "/large")
        {
            await context.Response.Body.WriteAsync(new byte[LargeSize], context.RequestAborted);
            return;
        }

        await context.Response.WriteAsync("hello");
    }

    private sealed class Counter
    {
        public int Now;
        public int Peak;

        public void Enter()
        {
            var now = Interlocked.Increment(ref Now);
            for (var peak = Volatile.Read(ref Peak); now > peak; peak = Volatile.Read(ref Peak))
            {
                Interlocked.CompareExchange(ref Peak, now, peak);
            }
        }
    }
}
