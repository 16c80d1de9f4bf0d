using Grpc.Core;

namespace MiniLB.Tests.Journeys.Peers;

/// <summary>What a service generated from a description would derive from: the server binds its virtual
/// methods.</summary>
[BindServiceMethod(typeof(EchoMethods), nameof(EchoMethods.Bind))]
internal abstract class EchoBase
{
    public abstract Task<string> Unary(string request, ServerCallContext context);

    public abstract Task FromServer(
        string request, IServerStreamWriter<string> answers, ServerCallContext context);

    public abstract Task<string> FromClient(IAsyncStreamReader<string> requests, ServerCallContext context);

    public abstract Task BothWays(
        IAsyncStreamReader<string> requests, IServerStreamWriter<string> answers, ServerCallContext context);
}
