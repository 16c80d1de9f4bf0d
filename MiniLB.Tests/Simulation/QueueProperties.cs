using MiniLB.Config.Options;
using MiniLB.RequestPath;
using MiniLB.RequestPath.Balance;
using MiniLB.RequestPath.Forward;
using MiniLB.State;
using MiniLB.Tests.RequestPath;

namespace MiniLB.Tests.Simulation;

/// <summary>What holds for the queue of a pool whose backends have room for two each, whatever happens to it.</summary>
public sealed class QueueProperties
{
    private const int Room = 2;

    public static TheoryData<string> Names => [.. Enum.GetNames<StrategyName>()];

    [Theory]
    [MemberData(nameof(Names))]
    public void WhateverHappens_NobodyWaitsWhereThereIsRoom_AndAllCountsReturnToZero(string name) =>
        PoolCase.ForAll(PoolCase.Count(name) / 2, made =>
        {
            var walk = new Walk(made, Enum.Parse<StrategyName>(name));
            Array.ForEach(made.Steps, walk.Take);
            walk.EndAll();
        });

    private sealed class Walk(PoolCase made, StrategyName name)
    {
        private readonly WalkedPool _walked = new(made, name, Room);
        private readonly List<Waiting> _waiting = [];
        private readonly List<(Backend Backend, CircuitStage Began)> _inFlight = [];
        private BackendPicker? _picker;

        private BackendPicker Picker => _picker ??= new BackendPicker(_walked.World, _walked.Pool);

        public void Take(Step step)
        {
            _ = Picker; // it looks after its queue with every change
            _walked.Happen(step);
            switch (step.What)
            {
                case Happening.Begin:
                    Begin(step, default, step.Value % 4 == 0 ? _walked.All[step.Who % _walked.All.Length] : null);
                    break;
                case Happening.BeginAgain:
                    Begin(step, default(BackendSet).With(_walked.All[step.Who % _walked.All.Length]), null);
                    break;
                case Happening.End or Happening.Fail when _inFlight.Count > 0:
                    End(step.Who % _inFlight.Count, step.What == Happening.End ? Verdict.Success : Verdict.Failure);
                    break;
                case Happening.Leave when _waiting.Count > 0:
                    _waiting[step.Who % _waiting.Count].Exchange.Timer.ClientHasGone();
                    break;
            }

            Settle();
        }

        public void EndAll()
        {
            while (_inFlight.Count > 0)
            {
                End(0, Verdict.Neutral);
                Settle();
            }

            Assert.Empty(_waiting);
            Assert.Equal(0, _walked.Pool.Waiting.Now);
            Assert.All(_walked.All, b => Assert.Equal(0, b.InFlight));
        }

        private void Begin(Step step, BackendSet excluded, Backend? bound)
        {
            var exchange = TestExchange.In(_walked.World);
            var request = new PickRequest(excluded, (ulong)step.Value * 0x9E3779B97F4A7C15);
            var isAny = bound is null && excluded.IsEmpty;
            _waiting.Add(new Waiting(exchange, Picker.TakeAsync(exchange, request, bound).AsTask(), isAny));
        }

        private void End(int index, Verdict verdict)
        {
            var (backend, began) = _inFlight[index];
            _inFlight.RemoveAt(index);
            _walked.End(backend, began, verdict);
            Picker.MadeRoom(backend);
        }

        // Those whose turn has come go on on other threads.
        private void Settle()
        {
            Assert.True(
                SpinWait.SpinUntil(
                    () => _waiting.Count(w => !w.Picked.IsCompleted) == _walked.Pool.Waiting.Now, TimeSpan.FromSeconds(30)),
                $"{_waiting.Count(w => !w.Picked.IsCompleted)} wait, and {_walked.Pool.Waiting.Now} are in the queue");
            foreach (var picked in _waiting.Where(w => w.Picked.IsCompleted).Select(w => w.Picked.Result))
            {
                if (picked.Backend is { } backend)
                {
                    _inFlight.Add((backend, backend.Circuit!.Stage));
                    Assert.NotEqual(BackendMode.Disabled, backend.Mode);
                }
                else
                {
                    Assert.True(picked.Error is ForwardError.NoneAvailable or ForwardError.QueueFull
                        or ForwardError.ClientGone, picked.Error.ToString());
                }
            }

            _waiting.RemoveAll(w => w.Picked.IsCompleted);
            Assert.InRange(_walked.Pool.Waiting.Now, 0, _walked.Pool.Options.Queue.Size);
            Assert.All(_walked.All, b => Assert.InRange(b.InFlight, 0, Room));
            Assert.Equal(_inFlight.Count, _walked.Pool.InFlight);
            if (_waiting.Exists(w => w.IsAny))
            {
                Assert.DoesNotContain(WalkedPool.Allowed(_walked.Pool), b => b.HasRoom);
            }
        }
    }

    private sealed record Waiting(Exchange Exchange, Task<Picked> Picked, bool IsAny);
}
