using Grpc.Core;

namespace MiniLB.Tests.Journeys.Peers;

/// <summary>The four shapes of a gRPC method, as generated code would describe them, with text as messages.</summary>
internal static class EchoMethods
{
    public static readonly Method<string, string> Unary = Describe(MethodType.Unary, "Unary");
    public static readonly Method<string, string> FromServer = Describe(MethodType.ServerStreaming, "FromServer");
    public static readonly Method<string, string> FromClient = Describe(MethodType.ClientStreaming, "FromClient");
    public static readonly Method<string, string> BothWays = Describe(MethodType.DuplexStreaming, "BothWays");

    /// <param name="binder">Given by the server, which asks for the descriptions alone.</param>
    /// <param name="service">Null then.</param>
    public static void Bind(ServiceBinderBase binder, EchoBase? service)
    {
        binder.AddMethod(Unary, service is null ? null! : new UnaryServerMethod<string, string>(service.Unary));
        binder.AddMethod(
            FromServer, service is null ? null! : new ServerStreamingServerMethod<string, string>(service.FromServer));
        binder.AddMethod(
            FromClient, service is null ? null! : new ClientStreamingServerMethod<string, string>(service.FromClient));
        binder.AddMethod(
            BothWays, service is null ? null! : new DuplexStreamingServerMethod<string, string>(service.BothWays));
    }

    private static Method<string, string> Describe(MethodType type, string name) =>
        new(type, "minilb.test.Echo", name, Marshallers.StringMarshaller, Marshallers.StringMarshaller);
}
