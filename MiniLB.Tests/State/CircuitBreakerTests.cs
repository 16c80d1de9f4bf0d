using MiniLB.Config.Options;
using MiniLB.State;

namespace MiniLB.Tests.State;

public sealed class CircuitBreakerTests
{
    private static readonly CircuitBreakerOptions Options = new()
    {
        Enabled = true, FailureRatio = 0.5, MinRequests = 4, Window = TimeSpan.FromSeconds(10),
        OpenFor = TimeSpan.FromSeconds(10), Trials = 2,
    };

    private readonly FakeTimeProvider _clock = new();
    private readonly CircuitBreaker _circuit;

    public CircuitBreakerTests() => _circuit = new CircuitBreaker(Options, _clock);

    /// <summary>S and F: a request that succeeds or fails; N: one that says nothing; B: one that begins and does not
    /// end;
    /// +: ten seconds pass; H: it is asked whether it may be tried.</summary>
    [Theory]
    [InlineData("FFF", "Closed")] // too few
    [InlineData("FFFF", "Open")]
    [InlineData("SSFF", "Open")]
    [InlineData("SSSFF", "Closed")] // two of five are less than half
    [InlineData("SSSFFF", "Open")]
    [InlineData("NNNNFFF", "Closed")] // what says nothing counts for nothing
    [InlineData("FF+FF", "Closed")] // what is older than the window is forgotten
    [InlineData("FFFFH", "Open")] // its time is not over
    [InlineData("FFFF+", "Open")] // nobody has asked
    [InlineData("FFFF+H", "HalfOpen")]
    [InlineData("FFFF+HS", "HalfOpen")]
    [InlineData("FFFF+HSS", "Closed")]
    [InlineData("FFFF+HF", "Open")]
    [InlineData("FFFF+HSF", "Open")]
    [InlineData("FFFF+HNNNNS", "HalfOpen")]
    [InlineData("FFFF+HF+HSS", "Closed")]
    [InlineData("FFFF+HSSFFF", "Closed")] // what was before it opened is forgotten
    public void Events_LeadToAState(string events, string state)
    {
        foreach (var e in events)
        {
            Happen(e);
        }

        Assert.Equal(state, _circuit.State.ToString());
    }

    [Fact]
    public void OpenCircuit_LetsNobodyPass()
    {
        "FFFF".ToList().ForEach(Happen);

        Assert.False(_circuit.TryBegin());
    }

    [Fact]
    public void HalfOpenCircuit_LetsItsTrialsPassAndNoMore()
    {
        "FFFF+H".ToList().ForEach(Happen);

        Assert.Equal([true, true, false, false], Enumerable.Range(0, 4).Select(_ => _circuit.TryBegin()));

        // One that says nothing makes room for another.
        Assert.Equal(CircuitChange.None, _circuit.End(Verdict.Neutral));
        Assert.Equal([true, false], Enumerable.Range(0, 2).Select(_ => _circuit.TryBegin()));
    }

    [Fact]
    public void Change_IsToldOnce()
    {
        "FFF".ToList().ForEach(Happen);
        _circuit.TryBegin();
        _circuit.TryBegin();

        Assert.Equal(CircuitChange.Opened, _circuit.End(Verdict.Failure));
        Assert.Equal(CircuitChange.None, _circuit.End(Verdict.Failure));
        Happen('+');
        Assert.True(_circuit.TryHalfOpen());
        Assert.False(_circuit.TryHalfOpen());
        Happen('S');
        _circuit.TryBegin();
        Assert.Equal(CircuitChange.Closed, _circuit.End(Verdict.Success));
    }

    [Fact]
    public void ManyAtOnce_NeverPassMoreThanTheTrials()
    {
        for (var round = 0; round < 200; round++)
        {
            var circuit = new CircuitBreaker(Options, _clock);
            for (var i = 0; i < 4; i++)
            {
                circuit.TryBegin();
                circuit.End(Verdict.Failure);
            }

            _clock.Advance(TimeSpan.FromSeconds(10));
            circuit.TryHalfOpen();
            var passed = 0;

            Parallel.For(0, 16, _ => Interlocked.Add(ref passed, circuit.TryBegin() ? 1 : 0));

            Assert.Equal(2, passed);
        }
    }

    private void Happen(char e)
    {
        switch (e)
        {
            case '+':
                _clock.Advance(TimeSpan.FromSeconds(10));
                break;
            case 'H':
                _circuit.TryHalfOpen();
                break;
            default:
                Assert.True(_circuit.TryBegin());
                _circuit.End(e switch { 'S' => Verdict.Success, 'F' => Verdict.Failure, _ => Verdict.Neutral });
                break;
        }
    }
}
