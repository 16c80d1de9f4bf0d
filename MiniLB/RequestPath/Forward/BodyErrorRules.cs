using Microsoft.AspNetCore.Connections;

namespace MiniLB.RequestPath.Forward;

/// <summary>Names the error behind an exception with which the reading of a client's body ended.</summary>
internal static class BodyErrorRules
{
    /// <returns>Null for an exception that does not come from the client's side.</returns>
    public static ForwardError? Name(Exception exception) => exception switch
    {
        RequestBodyException body => body.Error,
        ConnectionResetException or ConnectionAbortedException or IOException or OperationCanceledException =>
            ForwardError.ClientGone,
        _ => null,
    };
}
