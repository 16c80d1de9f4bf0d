using System.Globalization;
using System.Text;
using MiniLB.Admin;
using MiniLB.Config.Options;
using MiniLB.State;

namespace MiniLB.Tests.Admin;

public sealed class BackendAnswersTests
{
    [Fact]
    public void Document_HasWhatIsKnownOfABackend()
    {
        var world = Sample.World(1, 1);
        var backend = world.Current.DefaultPool.All[0];
        backend.ConnectionOpened();
        backend.TryBegin();
        backend.TryBegin();
        backend.End(sent: true, failed: true);
        using var tunnel = backend.Tunnels.Add(() => { });

        Assert.Equal(
            """{"pool":"default","url":"http://127.0.0.1:9001","source":null,"mode":"enabled","alive":true"""
            + ""","available":true,"weight":1,"backup":false,"inFlight":1,"connections":1,"tunnels":1,"sends":1,"failures":1"""
            + ""","ejected":null,"circuit":null}""",
            Json(new BackendAnswers(world).One("default", "127.0.0.1:9001").Document!));
    }

    [Fact]
    public void Ejection_IsShownWithItsEndAndReason()
    {
        var time = new FakeTimeProvider();
        var pool = Sample.PoolOptions(Sample.BackendOptions("http://a"), Sample.BackendOptions("http://b")) with
        {
            CircuitBreaker = new CircuitBreakerOptions { Enabled = true },
            Ejection = new EjectionOptions { BaseTime = TimeSpan.FromSeconds(10) },
        };
        var world = new World(new BalancerOptions { Pools = [pool] }, time);
        world.Eject(world.Current.DefaultPool.All[1], couldNotConnect: true);

        var json = Json(new BackendAnswers(world).One("default", "b").Document!);

        var until = (time.GetUtcNow() + TimeSpan.FromSeconds(10))
            .ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);
        Assert.Contains($"\"ejected\":{{\"until\":\"{until}", json, StringComparison.Ordinal);
        Assert.Contains("\"reason\":\"noConnection\"},\"circuit\":\"closed\"", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Document_OfAll_HasThePoolsAndWhoWaits()
    {
        var world = new World(new BalancerOptions
        {
            Pools = [.. "ab".Select(c => Sample.PoolOptions(Sample.BackendOptions($"http://{c}")) with { Name = $"{c}" })],
        });
        world.Current.Pools[1].Waiting.Join();
        world.SetUp(world.Current.Pools[1].All[0], up: false); // another snapshot, the same queue

        var json = Json(new BackendAnswers(world).All());

        Assert.StartsWith(
            "{\"pools\":[{\"pool\":\"a\",\"waiting\":0,\"backends\":[{\"pool\":\"a\"", json,
            StringComparison.Ordinal);
        Assert.Contains("{\"pool\":\"b\",\"waiting\":1,\"backends\"", json, StringComparison.Ordinal);
    }

    private static string Json(OwnAnswer answer) => Encoding.UTF8.GetString(answer.Body);
}
