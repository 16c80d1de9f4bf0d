using MiniLB.BackgroundLoops.Memory;

namespace MiniLB.Tests.BackgroundLoops.Memory;

public sealed class GarbageTests
{
    private const long AtStart = 3 * Garbage.Much;

    private readonly Garbage _garbage = new();

    public GarbageTests() => Assert.False(_garbage.IsMuch(AtStart, 2));

    [Fact]
    public void WhatTheStartHasLeft_IsNotCounted() => Assert.False(_garbage.IsMuch(AtStart + Garbage.Much - 1, 2));

    [Fact]
    public void MuchSinceTheLastCollection_IsMuch_UntilThereIsAnother()
    {
        Assert.True(_garbage.IsMuch(AtStart + Garbage.Much, 2));
        Assert.True(_garbage.IsMuch(AtStart + Garbage.Much, 2));

        Assert.False(_garbage.IsMuch(AtStart + Garbage.Much, 3));
        Assert.True(_garbage.IsMuch(AtStart + (2 * Garbage.Much), 3));
    }

    [Fact]
    public void RuntimeThatCollectsByItself_IsLeftToIt()
    {
        for (var i = 1; i < 10; i++)
        {
            Assert.False(_garbage.IsMuch(AtStart + (i * Garbage.Much), 2 + i));
        }
    }
}
