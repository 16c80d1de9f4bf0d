using System.IO.Pipelines;
using MiniLB.RequestPath.Accept;
using MiniLB.RequestPath.Forward;

namespace MiniLB.Tests.RequestPath.Accept;

public sealed class LimitedBodyTests
{
    private readonly Pipe _client = new();

    [Fact]
    public async Task BodyOfTheLimit_IsReadWhole_HoweverItIsConsumed()
    {
        var body = new LimitedBody(_client.Reader, 4);
        await _client.Writer.WriteAsync("bo"u8.ToArray());
        var first = await body.ReadAsync();
        body.AdvanceTo(first.Buffer.GetPosition(1), first.Buffer.End);
        await _client.Writer.WriteAsync("dy"u8.ToArray());
        await _client.Writer.CompleteAsync();

        Assert.True(body.TryRead(out var second));

        Assert.Equal((2, 3), (first.Buffer.Length, second.Buffer.Length));
        body.AdvanceTo(second.Buffer.End);
        Assert.True((await body.ReadAsync()).IsCompleted);
    }

    /// <summary>Readers of bodies look for the error where they await, not where they ask.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task OneByteMore_IsAnErrorOfTheRead_BeforeItWasPassedOn(bool isThere)
    {
        var body = new LimitedBody(_client.Reader, 3);
        var read = isThere ? default : body.ReadAsync();
        await _client.Writer.WriteAsync("body"u8.ToArray());
        read = isThere ? body.ReadAsync() : read;

        var error = await Assert.ThrowsAsync<RequestBodyException>(async () => await read);

        Assert.Equal(ForwardError.RequestBodyTooLarge, error.Error);
    }
}
