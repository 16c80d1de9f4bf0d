using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using MiniLB.RequestPath.Forward;

namespace MiniLB.Tests.RequestPath.Forward;

public sealed class KeptRequestBodyTests
{
    private readonly Pipe _client = new();
    private readonly KeptRequestBody _body = new();

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
            var body = new KeptRequestBody();
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
            Assert.Equal(sent.Length, body.Count);
            await sending;
            body.Release();
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
