using MiniLB.RequestPath.Accept.Http2;

namespace MiniLB.Tests.RequestPath.Accept.Http2;

public sealed class Http2PrefaceTests
{
    private const string Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private readonly TestConnection _connection = new();

    [Fact]
    public async Task Preface_InPiecesOfEverySize_IsRecognised_AndStaysInTheInput()
    {
        for (var size = 1; size <= Preface.Length + 3; size++)
        {
            var connection = new TestConnection();
            var next = IsNext(connection);
            connection.SendApart((Preface + "abc").Chunk(size).Select(piece => new string(piece)));

            Assert.True(await next);
            Assert.StartsWith(Preface, connection.Left(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("X")]
    [InlineData("PO")]
    [InlineData("PRI * HTTP/2.1")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\rx")]
    [InlineData("\r\n")]
    public async Task FirstByteThatDiffers_TellsHttp1_AndNothingIsTaken(string sent)
    {
        _connection.Send(sent);

        Assert.False(await IsNext(_connection));
        Assert.Equal(sent, _connection.Left());
    }

    [Theory]
    [InlineData("")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r")]
    public async Task PrefaceThatDoesNotEnd_IsNone(string sent)
    {
        _connection.Send(sent);
        _connection.End();

        Assert.False(await IsNext(_connection));
        Assert.Equal(sent, _connection.Left());
    }

    [Fact]
    public async Task PrefaceWhoseTimeIsOver_IsNone()
    {
        _connection.Send("PRI * ");
        var next = IsNext(_connection);
        Assert.False(next.IsCompleted);

        _connection.Client.TimeOut();

        Assert.False(await next);
    }

    private static Task<bool> IsNext(TestConnection connection) =>
        Http2Preface.IsNextAsync(connection.Input, connection.Client).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
}
