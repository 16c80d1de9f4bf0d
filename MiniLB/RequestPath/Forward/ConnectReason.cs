using MiniLB.Transport;

namespace MiniLB.RequestPath.Forward;

/// <summary>Says in words why no connection to a backend could be made.</summary>
internal static class ConnectReason
{
    /// <returns>Null where the error is another one, or nothing is known.</returns>
    public static string? Of(ForwardError error, Exception? cause)
    {
        if (error is not (ForwardError.ConnectFailed or ForwardError.NoDescriptors) || cause is null)
        {
            return null;
        }

        return BackendTls.Describe(cause) ?? Innermost(cause).Message;
    }

    // What is around it says what was being done, and that is known.
    private static Exception Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner)
        {
            exception = inner;
        }

        return exception;
    }
}
