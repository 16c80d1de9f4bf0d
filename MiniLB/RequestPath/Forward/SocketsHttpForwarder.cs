using MiniLB.Async;
using MiniLB.Config.Options;
using MiniLB.State;

namespace MiniLB.RequestPath.Forward;

/// <summary>Makes attempts by .NET's client of HTTP as far as that goes, and by our own where it does not.</summary>
/// <remarks>It gives no connection away, which a switch of protocols needs; lets clients share them all, which NTLM and
/// Negotiate must not; has no target but paths; and writes the methods that it knows in capitals.</remarks>
internal sealed class SocketsHttpForwarder(PoolOptions options, TimeProvider time) : Forwarder
{
    private readonly Http1Forwarder _own = new(options, time);
    private readonly HandlerForwarder _handler = new(options, options.Http, time);

    public override void Apply(PoolOptions options)
    {
        _own.Apply(options);
        _handler.Apply(options);
    }

    public override FrameTask<AttemptResult> AttemptAsync(Exchange exchange, Backend backend, bool onNewConnection) =>
        NeedsOwn(exchange)
            ? _own.AttemptAsync(exchange, backend, onNewConnection)
            : _handler.AttemptAsync(exchange, backend, onNewConnection);

    public override void Sweep(long now)
    {
        _own.Sweep(now);
        _handler.Sweep(now);
    }

    public override void Dispose()
    {
        _own.Dispose();
        _handler.Dispose();
    }

    private static bool NeedsOwn(Exchange exchange) => exchange.UpgradeTo is not null
        || exchange.Personal is not null || PersonalRules.IsPersonal(exchange.RequestFields)
        || exchange.Target is "*" || exchange.Method.AsSpan().ContainsAnyInRange('a', 'z');
}
