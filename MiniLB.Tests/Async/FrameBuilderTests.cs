using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using MiniLB.Async;

namespace MiniLB.Tests.Async;

[SuppressMessage("Reliability", "CA2012", Justification = "what becomes of them is what is tested")]
public sealed class FrameBuilderTests
{
    [Fact]
    public async Task ResultThatIsThereAtOnce_NeedsNoFrame()
    {
        Assert.True(AddAsync(1, Task.CompletedTask).IsCompleted);
        Assert.Equal(2, await AddAsync(1, Task.CompletedTask));
    }

    [Fact]
    public async Task ResultThatComesLater_Comes()
    {
        var gate = new TaskCompletionSource();
        var sum = AddAsync(41, gate.Task);
        Assert.False(sum.IsCompleted);

        gate.SetResult();

        Assert.Equal(42, await sum);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Exception_IsThrownWhereItIsAwaited(bool later)
    {
        var gate = later ? Task.Delay(1) : Task.CompletedTask;

        var e = await Assert.ThrowsAsync<InvalidOperationException>(async () => await FailAsync(gate));

        Assert.Equal("as asked", e.Message);
    }

    [Fact]
    public async Task SecondAwait_IsAnError()
    {
        var gate = new TaskCompletionSource();
        var sum = AddAsync(1, gate.Task);
        gate.SetResult();
        await sum;

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await sum);
    }

    [Fact]
    public async Task ManyAtOnce_OnManyThreads_GetTheirOwnResults()
    {
        await Parallel.ForAsync(0, 2_000, async (i, _) =>
        {
            var sums = Enumerable.Range(i, 50).Select(n => AddAsync(n, Task.Run(Thread.Yield))).ToArray();
            for (var n = 0; n < sums.Length; n++)
            {
                Assert.Equal(i + n + 1, await sums[n]);
            }
        });
    }

    [Fact]
    public void ManyThatWaitAtOnce_OnceWarm_AllocateNoFrame()
    {
        var gates = Enumerable.Range(0, 64).Select(_ => new Gate()).ToArray();
        var sums = new FrameTask<int>[gates.Length];
        AllWait(gates, sums);

        // Compiled for debugging, the method's own state is an object of 64 bytes; a frame is as much again and more.
        Assert.InRange(Allocated.By(() => AllWait(gates, sums)), 0, gates.Length * 64);
    }

    private static void AllWait(Gate[] gates, FrameTask<int>[] sums)
    {
        for (var i = 0; i < gates.Length; i++)
        {
            sums[i] = AddAsync(i, gates[i]);
        }

        for (var i = 0; i < gates.Length; i++)
        {
            gates[i].Open();
            Assert.True(sums[i].IsCompleted);
            Assert.True(sums[i].GetResult() == i + 1);
        }
    }

    private static async FrameTask<int> AddAsync(int number, Task gate)
    {
        await PassAsync(gate);
        return number + 1;
    }

    private static async FrameTask<int> AddAsync(int number, Gate gate)
    {
        await gate;
        return number + 1;
    }

    private static async FrameTask PassAsync(Task gate) => await gate;

    private static async FrameTask<int> FailAsync(Task gate)
    {
        await gate;
        throw new InvalidOperationException("as asked");
    }

    /// <summary>Can be awaited again and again, and costs nothing.</summary>
    private sealed class Gate : ICriticalNotifyCompletion
    {
        private Action? _waiting;

        public bool IsCompleted => false;

        public Gate GetAwaiter() => this;

        public void GetResult()
        {
            // Nothing comes of it.
        }

        public void OnCompleted(Action continuation) => _waiting = continuation;

        public void UnsafeOnCompleted(Action continuation) => _waiting = continuation;

        public void Open() => _waiting!();
    }
}
