using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using MiniLB.Admin;
using MiniLB.State;

namespace MiniLB.Tests.Admin;

public sealed class BackendCommandsTests
{
    private readonly World _world = Sample.World(1, 1);
    private readonly Lines _log = new();
    private readonly BackendCommands _commands;

    public BackendCommandsTests() =>
        _commands = new BackendCommands(_world, new BackendAnswers(_world), _log);

    private Backend First => _world.Current.DefaultPool.All[0];

    [Theory]
    [InlineData("Draining", "draining", false)]
    [InlineData("Disabled", "disabled", false)]
    [InlineData("Enabled", "enabled", true)]
    public void Mode_IsSetAndShown(string mode, string word, bool available)
    {
        var document = Document(SetMode("127.0.0.1:9001", Enum.Parse<BackendMode>(mode)));

        Assert.Equal((word, available, true), (document.Mode, document.Available, document.Alive));
        Assert.Equal(Enum.Parse<BackendMode>(mode), First.Mode);
        Assert.Equal(Enum.Parse<BackendMode>(mode), _world.Current.DefaultPool[First].Mode);
    }

    [Fact]
    public void Command_IsLoggedOnceWhereItChangesSomething()
    {
        SetMode("127.0.0.1:9001", BackendMode.Draining);
        SetMode("127.0.0.1:9001", BackendMode.Draining);
        SetMode("127.0.0.1:9003", BackendMode.Draining);
        SetWeight("127.0.0.1:9002", "1");
        SetWeight("127.0.0.1:9002", "7");

        Assert.Equal(
            [
                "Information: pool default: backend http://127.0.0.1:9001 is draining now; asked for by 192.0.2.1",
                "Information: pool default: backend http://127.0.0.1:9002 has weight 7 now; asked for by 192.0.2.1",
            ],
            _log.Written);
    }

    [Fact]
    public void Weight_IsSetAndShown()
    {
        Assert.Equal(7, Document(SetWeight("127.0.0.1:9001", "7")).Weight);
        Assert.Equal([70, 10], _world.Current.DefaultPool.Shares);
    }

    [Fact]
    public void BrokenBody_ChangesNothing()
    {
        var before = _world.Current;

        Assert.Equal(400, SetWeight("127.0.0.1:9001", "much").Refusal!.Status);
        Assert.Equal(400, _commands.SetMode(
            "default", "127.0.0.1:9001", BackendMode.Disabled, Command("[]")).Refusal!.Status);
        Assert.Same(before, _world.Current);
    }

    private AdminAnswer SetMode(string name, BackendMode mode) =>
        _commands.SetMode("default", name, mode, Command(""));

    private AdminAnswer SetWeight(string name, string body) => _commands.SetWeight("default", name, Command(body));

    private static AdminCommand Command(string body) => new("192.0.2.1", Encoding.UTF8.GetBytes(body));

    private static BackendDocument Document(AdminAnswer answer) =>
        JsonSerializer.Deserialize(answer.Document!.Body, BackendsJson.Default.BackendDocument)!;

    private sealed class Lines : ILogger
    {
        public List<string> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => Written.Add($"{logLevel}: {formatter(state, exception)}");
    }
}
