using System.Globalization;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;

namespace MiniLB.Load.Engine;

/// <summary>The names under which failed requests are counted; a short list, part of the report's format.</summary>
internal static class FailureNames
{
    public const string Timeout = "timeout";

    /// <summary>Not started: too many were in flight for the machine that makes the load.</summary>
    public const string GeneratorFull = "generator full";

    public static string OfStatus(int status) => "status " + status.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether an exception tells of the exchange, not of a defect in the program.</summary>
    public static bool IsFailure(Exception exception) =>
        exception is IOException or SocketException or OperationCanceledException or InvalidDataException
            or ObjectDisposedException or AuthenticationException or WebSocketException or HttpRequestException;

    public static string Of(Exception exception) => exception switch
    {
        OperationCanceledException => Timeout,
        SocketException
        {
            SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData
        } => "name not found",
        SocketException => "not connected",
        AuthenticationException => "TLS failed",
        InvalidDataException => "invalid answer",
        _ => "broken off",
    };
}
