using MiniLB.BackgroundLoops.Reload;

namespace MiniLB.Tests.BackgroundLoops.Reload;

public sealed class SettledChangeTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly SettledChange<int> _change;

    public SettledChangeTests() => _change = new SettledChange<int>(1, TimeSpan.FromSeconds(1), _time);

    [Fact]
    public void WhatStays_IsNoChange() => Assert.Equal([false, false, false], After(1, 1, 1));

    [Fact]
    public void Change_IsToldOnce_WhenItHasStayed() =>
        Assert.Equal([false, false, true, false, false], After(2, 2, 2, 2, 2));

    [Fact]
    public void WhatGoesOnChanging_IsToldWhenThatEnds() =>
        Assert.Equal([false, false, false, false, false, true], After(2, 3, 2, 4, 4, 4));

    [Fact]
    public void WhatComesBackMeanwhile_IsNoChange() => Assert.Equal([false, false, false, false], After(2, 1, 1, 1));

    private List<bool> After(params int[] values) => [.. values.Select(v =>
    {
        var told = _change.IsSettled(v);
        _time.Advance(TimeSpan.FromMilliseconds(500));
        return told;
    })];
}
