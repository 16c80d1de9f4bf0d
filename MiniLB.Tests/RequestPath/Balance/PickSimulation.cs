using MiniLB.RequestPath.Balance;
using MiniLB.State;

namespace MiniLB.Tests.RequestPath.Balance;

/// <summary>Requests that arrive evenly, and backends that take as long as a test says: all on a clock that a test
/// owns.</summary>
/// <param name="strategy">Picks, and is told how long each answer took.</param>
/// <param name="time">The clock.</param>
/// <param name="world">One pool.</param>
internal sealed class PickSimulation(BalanceStrategy strategy, FakeTimeProvider time, World world)
{
    private readonly PriorityQueue<Answer, TimeSpan> _answers = new();
    private TimeSpan _now;

    /// <summary>What a backend does, by its index.</summary>
    public Func<int, TimeSpan> Takes { get; set; } = _ => TimeSpan.FromMilliseconds(5);

    public Func<int, Verdict> Verdicts { get; set; } = _ => Verdict.Success;

    private PoolSnapshot Pool => world.Current.DefaultPool;

    /// <returns>The backend of each pick, by index.</returns>
    public int[] Run(int picks, TimeSpan apart)
    {
        var picked = new int[picks];
        for (var i = 0; i < picks; i++)
        {
            MoveTo(_now + apart);
            var backend = strategy.Pick(Pool, default)!;
            picked[i] = backend.Index;
            Assert.True(backend.TryBegin());
            var takes = Takes(backend.Index);
            _answers.Enqueue(new Answer(backend, takes, Verdicts(backend.Index)), _now + takes);
        }

        return picked;
    }

    /// <summary>Lets time pass until every request has been answered.</summary>
    public void Settle()
    {
        while (_answers.TryPeek(out _, out var due))
        {
            MoveTo(due);
        }
    }

    public void MoveTo(TimeSpan then)
    {
        while (_answers.TryPeek(out _, out var due) && due <= then)
        {
            var answer = _answers.Dequeue();
            time.Advance(due - _now);
            _now = due;
            answer.Backend.End(sent: true, failed: answer.Verdict == Verdict.Failure);
            strategy.Observe(answer.Backend, answer.Took, answer.Verdict);
        }

        time.Advance(then - _now);
        _now = then;
    }

    private sealed record Answer(Backend Backend, TimeSpan Took, Verdict Verdict);
}
