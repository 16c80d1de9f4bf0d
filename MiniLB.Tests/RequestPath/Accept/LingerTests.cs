using Microsoft.AspNetCore.Connections;
using MiniLB.RequestPath.Accept;
using MiniLB.State;

namespace MiniLB.Tests.RequestPath.Accept;

public sealed class LingerTests
{
    private readonly TestConnection _connection = new();

    [Fact]
    public async Task Linger_ThrowsAwayWhatComes_UntilTheClientEnds()
    {
        var lingering = Run();
        _connection.Send("more");
        _connection.Send("of it");
        Assert.Equal(ClientPhase.Lingering, _connection.Client.Phase);
        Assert.False(lingering.IsCompleted);

        _connection.End();

        await lingering;
    }

    [Fact]
    public async Task Linger_EndsWithItsTime()
    {
        var lingering = Run();

        _connection.Client.TimeOut();

        await lingering;
    }

    [Fact]
    public async Task Linger_EndsWithAClientThatSendsForEver()
    {
        var lingering = Run();
        for (var sent = 0; sent < 16; sent++)
        {
            _connection.Send(new string('a', 64 * 1024));
        }

        await lingering;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Linger_EndsQuietly_WhereTheClientHasGone(bool aborted)
    {
        _connection.End(aborted ? new ConnectionAbortedException() : new ConnectionResetException("reset"));

        await Run();

        Assert.Equal(ClientPhase.Lingering, _connection.Client.Phase);
    }

    private Task Run() =>
        Linger.RunAsync(_connection.Input, _connection.Client).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
}
