using System.Globalization;

namespace MiniLB.Load.Scenarios;

/// <summary>The names under which failed requests are counted; a short list, part of the report's format.</summary>
internal static class FailureNames
{
    public static string OfStatus(int status) => "status " + status.ToString(CultureInfo.InvariantCulture);

    public static string Of(Exception exception) => exception switch
    {
        OperationCanceledException => "timeout",
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "name not found",
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => "not connected",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "TLS failed",
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } => "invalid answer",
        _ => "broken off",
    };
}
