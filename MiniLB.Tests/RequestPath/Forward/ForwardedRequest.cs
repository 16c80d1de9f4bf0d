using MiniLB.Config.Options;
using MiniLB.RequestPath.Accept;
using MiniLB.RequestPath.Forward;
using MiniLB.State;
using MiniLB.Tests.RequestPath.Accept;
using MiniLB.Tests.Transport;
using MiniLB.Tests.Wire;
using MiniLB.Transport;
using MiniLB.Wire;

namespace MiniLB.Tests.RequestPath.Forward;

/// <summary>A request between a client and a backend that are both in memory.</summary>
internal sealed class ForwardedRequest
{
    public ForwardedRequest(string head, LimitOptions? limits = null, HeaderOptions? headers = null)
    {
        var options = new BalancerOptions
        {
            Pools = [Sample.PoolOptions(Sample.BackendOptions("http://127.0.0.1:9001"))],
            Limits = limits ?? new LimitOptions(),
            Headers = headers ?? new HeaderOptions(),
        };
        var world = new World(options).Current;
        Exchange = new Http1Exchange(Client.Client, new Lifecycle(), world, Client);
        var text = Heads.Bytes(head.Replace("|", "\r\n", StringComparison.Ordinal) + "\r\n\r\n");
        Assert.Equal(WireError.None, RequestHeadParser.Parse(text, Heads.Limits, Exchange.Head));
        Exchange.Begin(world, Heads.Limits);
        Exchange.Timer.Begin(TimeSpan.Zero);
        Exchange.RequestId = "id";
        Exchange.Forwarded = new ForwardedFields("192.0.2.1", "http", "a");
        PassedFields.PrepareRequest(Exchange);
        Connection = new BackendConnection(Stream, now: 1);
    }

    public TestConnection Client { get; } = new();

    public Http1Exchange Exchange { get; }

    public ScriptedStream Stream { get; private set; } = new();

    public BackendConnection Connection { get; private set; }

    /// <summary>Goes on with a connection to another backend.</summary>
    public void NextBackend()
    {
        Stream = new ScriptedStream();
        Connection = new BackendConnection(Stream, now: 1);
    }

    /// <summary>The head that the backend has answered with.</summary>
    public void Answer(string head)
    {
        var text = Heads.Bytes(head.Replace("|", "\r\n", StringComparison.Ordinal) + "\r\n\r\n");
        var toHead = Exchange.Method == "HEAD";
        Assert.Equal(WireError.None, ResponseHeadParser.Parse(text, Heads.Limits, toHead, Exchange.Answer));
        Exchange.IsAnswered = true;
    }
}
