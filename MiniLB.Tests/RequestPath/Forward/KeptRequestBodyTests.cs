using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using MiniLB.RequestPath.Forward;

namespace MiniLB.Tests.RequestPath.Forward;

public sealed class KeptRequestBodyTests
{
    private readonly Pipe _client = new();
    private readonly CountingPool _pool = new();
    private readonly KeptRequestBody _body;

    public KeptRequestBodyTests() => _body = new KeptRequestBody(_pool);

    [Fact]
    public async Task WhatWasConsumed_ComesFirst_AndThenTheRest()
    {
        _body.Begin(_client.Reader, 100);
        await SendAsync("hello ");
        Assert.Equal("hello ", await ReadAsync());

        _body.Rewind();
        await SendAsync("world");
        await _client.Writer.CompleteAsync();

        Assert.Equal("hello world", await ReadToEndAsync());
        _body.Rewind();
        Assert.Equal("hello world", await ReadToEndAsync());
        Assert.True(_body.CanRewind);
    }

    // At which byte the first backend breaks, and how the client's bytes arrive: 500 ways.
    [Fact]
    public async Task Body_RewoundAnywhere_ArrivesWhole()
    {
        var random = new Random(5);
        for (var round = 0; round < 500; round++)
        {
            var client = new Pipe();
            var body = new KeptRequestBody(_pool);
            body.Begin(client.Reader, 64 * 1024);
            var sent = new byte[random.Next(0, 30_000)];
            random.NextBytes(sent);
            var sending = Task.Run(async () =>
            {
                for (var at = 0; at < sent.Length;)
                {
                    var count = Math.Min(sent.Length - at, 1 + Random.Shared.Next(9_000));
                    await client.Writer.WriteAsync(sent.AsMemory(at, count));
                    at += count;
                }

                await client.Writer.CompleteAsync();
            });
            for (var attempt = random.Next(0, 3); attempt > 0; attempt--)
            {
                await ReadSomeAsync(body, random.Next(0, sent.Length + 1));
                body.Rewind();
            }

            Assert.Equal(sent, await ReadSomeAsync(body, int.MaxValue));
            Assert.True(body.CanRewind);
            await sending;
            body.Release();
            Assert.Equal(0, _pool.Out);
        }
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(11, false)]
    public async Task Limit_IsTheLastByteThatIsKept(int length, bool canRewind)
    {
        _body.Begin(_client.Reader, 10);
        await SendAsync(new string('a', length));

        Assert.Equal(length, (await ReadAsync()).Length);

        Assert.Equal(canRewind, _body.CanRewind);
    }

    [Fact]
    public async Task AfterTheLimit_TheRestStillComes()
    {
        _body.Begin(_client.Reader, 10);
        await SendAsync("0123456789a");
        await ReadAsync();
        await SendAsync("bc");
        await _client.Writer.CompleteAsync();

        Assert.Equal("bc", await ReadToEndAsync());
        Assert.False(_body.CanRewind);
        Assert.Throws<InvalidOperationException>(_body.Rewind);
    }

    [Fact]
    public async Task Cancellation_EndsAPendingRead_AndTakesNothing()
    {
        _body.Begin(_client.Reader, 10);
        var read = _body.ReadAsync();
        _body.CancelPendingRead();
        var cancelled = await read;
        Assert.True(cancelled.IsCanceled);
        _body.AdvanceTo(cancelled.Buffer.End);

        await SendAsync("abc");

        Assert.Equal("abc", await ReadAsync());
        _body.Rewind();
        Assert.Equal("abc", await ReadAsync());
    }

    [Fact]
    public async Task UseForAnotherRequest_BeginsEmpty()
    {
        _body.Begin(_client.Reader, 10);
        await SendAsync("abc");
        await ReadAsync();
        _body.Release();
        Assert.False(_body.CanRewind);

        var next = new Pipe();
        _body.Begin(next.Reader, 10);
        await next.Writer.WriteAsync(Encoding.ASCII.GetBytes("xyz"));

        Assert.True(_body.CanRewind);
        Assert.Equal("xyz", await ReadAsync());
    }

    [Theory]
    [InlineData(10, 1)]
    [InlineData(9, 0)]
    [InlineData(4, 0)]
    public async Task BodyPastTheLimit_HoldsNothing(int most, int held)
    {
        _body.Begin(_client.Reader, most);
        await SendAsync("hello");
        await ReadAsync();
        await SendAsync("world");
        await ReadAsync();

        Assert.Equal(held, _pool.Out);
    }

    [Fact]
    public async Task Buffer_IsTakenWithTheFirstByte_AndGrowsUpToTheLimit()
    {
        _body.Begin(_client.Reader, 20_000);
        Assert.Equal("", _pool.Asked);
        for (var i = 0; i < 20; i++)
        {
            await SendAsync(new string('a', 1000));
            await ReadAsync();
        }

        Assert.Equal("4096 8000 16000 20000", _pool.Asked);
        Assert.Equal(1, _pool.Out);
    }

    [Fact]
    public async Task WhatIsGivenUp_GoesBackAtOnce_AndNothingMoreIsKept()
    {
        _body.Begin(_client.Reader, 10);
        await SendAsync("a");
        await ReadAsync();
        Assert.Equal(1, _pool.Out);

        _body.GiveUp();

        Assert.Equal((0, false), (_pool.Out, _body.CanRewind));
        await SendAsync("b");
        Assert.Equal("b", await ReadAsync());
        Assert.Equal(0, _pool.Out);
    }

    [Fact]
    public async Task WhatIsGivenUp_WhileItIsReadAgain_IsReadToItsEndFirst()
    {
        _body.Begin(_client.Reader, 10);
        await SendAsync("ab");
        await ReadAsync();
        _body.Rewind();
        _body.GiveUp();
        var read = await _body.ReadAsync();
        Assert.Equal(1, _pool.Out);

        Assert.Equal("ab", Encoding.ASCII.GetString(read.Buffer));
        _body.AdvanceTo(read.Buffer.End);

        Assert.Equal(0, _pool.Out);
        await SendAsync("c");
        Assert.Equal("c", await ReadAsync());
    }

    // Each side's step may come between any two of the other's: what was kept goes back exactly once.
    [Fact]
    public async Task GivingUpBesideTheReader_GivesBackOnce()
    {
        for (var round = 0; round < 2_000; round++)
        {
            _body.Begin(_client.Reader, 10);
            await SendAsync("ab");
            await ReadAsync();
            if (round % 2 == 0)
            {
                _body.Rewind();
            }

            var givingUp = Task.Run(_body.GiveUp);
            if (round % 2 == 0)
            {
                Assert.Equal("ab", await ReadAsync());
            }

            await SendAsync("c");
            Assert.Equal("c", await ReadAsync());
            await givingUp;
            Assert.Equal(0, _pool.Out);
        }
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public async Task Release_GivesBackWhatNobodyHolds(bool held, int left)
    {
        _body.Begin(_client.Reader, 10);
        await SendAsync("ab");
        await ReadAsync();
        ReadResult read = default;
        if (held)
        {
            _body.Rewind();
            read = await _body.ReadAsync();
        }

        _body.Release();

        Assert.Equal(left, _pool.Out);
        Assert.Equal(held ? "ab" : "", Encoding.ASCII.GetString(read.Buffer));
    }

    private ValueTask<FlushResult> SendAsync(string text) =>
        _client.Writer.WriteAsync(Encoding.ASCII.GetBytes(text));

    private async Task<string> ReadAsync()
    {
        var read = await _body.ReadAsync();
        var text = Encoding.ASCII.GetString(read.Buffer);
        _body.AdvanceTo(read.Buffer.End);
        return text;
    }

    private async Task<string> ReadToEndAsync() => Encoding.ASCII.GetString(await ReadSomeAsync(_body, int.MaxValue));

    private static async Task<byte[]> ReadSomeAsync(KeptRequestBody body, int atLeast)
    {
        var all = new List<byte>();
        while (all.Count < atLeast)
        {
            var read = await body.ReadAsync();
            all.AddRange(read.Buffer.ToArray());
            body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                break;
            }
        }

        return [.. all];
    }
}
