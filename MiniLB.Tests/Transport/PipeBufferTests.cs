using System.Buffers;
using MiniLB.Config;
using MiniLB.Transport;

namespace MiniLB.Tests.Transport;

public sealed class PipeBufferTests
{
    private PipeBuffer _buffer = new();

    [Fact]
    public void WhatIsReceived_IsNews_UntilItWasSeen_AndStaysUntilItWasConsumed()
    {
        Assert.False(_buffer.HasNews);
        Assert.True(_buffer.Sequence.IsEmpty);

        Receive([1, 2, 3]);
        Assert.True(_buffer.HasNews);
        Advance(1, 3);
        Assert.False(_buffer.HasNews);
        Assert.Equal([2, 3], _buffer.Sequence.ToArray());
        Receive([4]);
        Assert.True(_buffer.HasNews);
        Assert.Equal([2, 3, 4], _buffer.Sequence.ToArray());
        Advance(3, 3);

        Assert.False(_buffer.HasNews);
        Assert.True(_buffer.Sequence.IsEmpty);
    }

    [Fact]
    public void RoomForMuch_IsWhatIsSentOnAtOnce_AlsoBesideARest()
    {
        FillAndLeave(0);
        Assert.Equal(MemoryPlan.Current.LargeBuffer, _buffer.Room().Length);
        FillAndLeave(100);

        Assert.InRange(_buffer.Room().Length, MemoryPlan.Current.LargeBuffer - 100, MemoryPlan.Current.LargeBuffer);
        Assert.Equal(100, _buffer.Sequence.Length);
    }

    [Fact]
    public void WhatWasNotSeen_IsNewsStill()
    {
        Receive([1, 2, 3]);

        Advance(0, 2);
        Assert.True(_buffer.HasNews);
        Advance(0, 0);
        Assert.True(_buffer.HasNews);

        Assert.Equal([1, 2, 3], _buffer.Sequence.ToArray());
    }

    [Fact]
    public void Nothing_CanBeConsumedOfNothing()
    {
        var nothing = _buffer.Sequence;
        _buffer.AdvanceTo(nothing.Start, nothing.End);
        _buffer.AdvanceTo(default, default);
        Receive([1]);
        _buffer.AdvanceTo(nothing.End, nothing.End);

        Assert.Equal([1], _buffer.Sequence.ToArray());
        Assert.True(_buffer.HasNews);
    }

    [Fact]
    public void Room_IsNeverEmpty_HoweverMuchIsHeld()
    {
        var (random, all) = (new Random(5), new List<byte>());
        for (var i = 0; i < 12; i++)
        {
            var room = _buffer.Room();
            Assert.NotEqual(0, room.Length);
            random.NextBytes(room);
            all.AddRange(room);
            _buffer.Received(room.Length);
            Advance(0, all.Count);

            Assert.Equal(all, _buffer.Sequence.ToArray());
        }
    }

    [Fact]
    public void Room_IsMadeByWhatWasConsumed_BeforeMoreMemoryIsTaken()
    {
        var size = Fill();
        Advance(size / 2, size);

        var room = _buffer.Room().Length;

        Assert.Equal(size / 2, room);
        Assert.Equal(Numbers(size)[(size / 2)..], _buffer.Sequence.ToArray());
        Assert.False(_buffer.HasNews);
        Receive([7]);
        Assert.True(_buffer.HasNews);
        Advance(size / 2, size / 2);
        Assert.Equal([7], _buffer.Sequence.ToArray());
    }

    [Fact]
    public void Room_IsLarger_WhereLittleWasConsumed()
    {
        var size = Fill();
        Advance(10, 20);

        var room = _buffer.Room().Length;

        Assert.True(room >= size, $"{room} of {size}");
        Assert.Equal(Numbers(size)[10..], _buffer.Sequence.ToArray());
        Assert.True(_buffer.HasNews);
    }

    [Fact]
    public void Room_IsLarge_AfterOneThatWasFilled_AndSmallAgainAfterLittle()
    {
        var small = Fill();
        Advance(small, small);
        var large = _buffer.Room().Length;
        Assert.True(large > small, $"{large} after {small}");
        _buffer.Received(100);
        Advance(100, 100);

        Assert.Equal(small, _buffer.Room().Length);
    }

    [Fact]
    public void Release_KeepsWhatIsHeld()
    {
        _buffer.Release();
        Receive([1, 2]);
        _buffer.Release();
        Assert.Equal([1, 2], _buffer.Sequence.ToArray());

        Advance(2, 2);
        _buffer.Release();
        _buffer.Release();

        Receive([3]);
        Assert.Equal([3], _buffer.Sequence.ToArray());
    }

    [Fact]
    public void Clear_ForgetsWhatIsHeld()
    {
        Receive([1, 2]);
        _buffer.Clear();
        Assert.False(_buffer.HasNews);
        Assert.True(_buffer.Sequence.IsEmpty);

        Receive([3]);
        Assert.Equal([3], _buffer.Sequence.ToArray());
    }

    [Fact]
    public void AnyUse_StandsAsAListDoes()
    {
        var random = new Random(4);
        var (model, unseen, next) = (new List<byte>(), 0, (byte)0);
        for (var i = 0; i < 3000; i++)
        {
            var room = _buffer.Room();
            var count = random.Next(3) switch { 0 => room.Length, 1 => 0, _ => random.Next(room.Length) };
            for (var at = 0; at < count; at++)
            {
                room[at] = next;
                model.Add(next++);
            }

            _buffer.Received(count);
            unseen += count;
            Assert.Equal(unseen > 0, _buffer.HasNews);
            Assert.True(_buffer.Sequence.ToArray().AsSpan().SequenceEqual(model.ToArray()));
            var consumed = model.Count > 50_000 || random.Next(2) == 0 ? model.Count : random.Next(model.Count + 1);
            var examined = random.Next(consumed, model.Count + 1);
            Advance(consumed, examined);
            unseen = model.Count - examined;
            model.RemoveRange(0, consumed);
        }
    }

    private int Fill()
    {
        var size = _buffer.Room().Length;
        Receive(Numbers(size));
        return size;
    }

    private static byte[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)(i % 251))];

    private void Receive(byte[] bytes)
    {
        bytes.CopyTo(_buffer.Room());
        _buffer.Received(bytes.Length);
    }

    private void FillAndLeave(int rest)
    {
        var count = _buffer.Room().Length;
        _buffer.Received(count);
        Advance(count - rest, count);
    }

    private void Advance(int consumed, int examined)
    {
        var held = _buffer.Sequence;
        _buffer.AdvanceTo(held.GetPosition(consumed), held.GetPosition(examined));
    }
}
