using MiniLB.RequestPath.Accept;
using MiniLB.RequestPath.Forward;
using MiniLB.State;

namespace MiniLB.RequestPath.Summarize;

/// <summary>An answer that MiniLB gives itself because a request cannot be served (RFC 9457).</summary>
/// <param name="Type">Stable name, the last part of the type's URN.</param>
/// <param name="RetryAfter">Seconds after which it is worth asking again; 0 says nothing.</param>
internal sealed record Problem(int Status, string Type, string Title, int RetryAfter = 0)
{
    private const string ForwardedMethods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

    public static readonly Problem ConnectNotAllowed =
        new(405, "method-not-allowed", "CONNECT is not served here") {
            Closes = true,
            Allow = ForwardedMethods,
            Refusal = State.Refusal.Method,
        };

    public static readonly Problem TraceNotAllowed = new(405, "method-not-allowed", "TRACE is not served here")
    {
        Allow = ForwardedMethods,
        Refusal = State.Refusal.Method,
    };

    public static readonly Problem Denied =
        new(403, "access-denied", "This address is not served here") { Refusal = State.Refusal.Access };

    public static readonly Problem TooManyInFlight =
        new(503, "overloaded", "Too many requests are being served", RetryAfter: 1)
        {
            Refusal = State.Refusal.InFlight,
        };

    public static readonly Problem NotFound = new(404, "not-found", "There is nothing at this path");

    public static readonly Problem NoRoute = new(404, "no-route", "No route matches this request");

    public static readonly Problem AmbiguousPath =
        new(400, "ambiguous-path", "Servers read this path in different ways") { Refusal = State.Refusal.Malformed };

    public static readonly Problem HostMissing =
        new(400, "host-missing", "The request names no host") { Refusal = State.Refusal.Malformed };

    public static readonly Problem HostNotServed =
        new(403, "host-not-served", "This address is not served under that Host name");

    public static readonly Problem TokenNeeded =
        new(401, "token-needed", "The admin address answers whoever has its token")
        {
            Challenge = "Bearer realm=\"minilb\"",
            Detail = "Send Authorization: Bearer and the token",
        };

    public static readonly Problem HookFailed = new(500, "hook-failed", "The request could not be served");

    private static readonly Problem NoneAvailable =
        new(503, "no-backend-available", "No backend is available", RetryAfter: 1);

    private static readonly Problem OutOfSockets =
        new(503, "no-descriptors", "No more connections can be opened at the moment", RetryAfter: 1);

    private static readonly Problem QueueFull =
        new(503, "queue-full", "All backends are busy, and so many requests wait that no more may", RetryAfter: 1);

    private static readonly Problem QueueTimeout =
        new(503, "queue-timeout", "All backends were busy for too long", RetryAfter: 1);

    private static readonly Problem BackendFailed = new(502, "backend-failed", "The backend broke off the exchange");

    private static readonly Problem BackendTimeout = new(504, "backend-timeout", "The backend took too long");

    private static readonly Problem ClientTimeout =
        Last(408, "request-timeout", "The request took too long", State.Refusal.SlowRequest);

    private static readonly Problem Malformed =
        Last(400, "malformed-request", "The request is malformed", State.Refusal.Malformed);

    private static readonly Problem TargetTooLong =
        Last(414, "target-too-long", "The request line is longer than allowed", State.Refusal.Head);

    private static readonly Problem HeadTooLarge =
        Last(431, "head-too-large", "The request's header fields are larger than allowed", State.Refusal.Head);

    private static readonly Problem ExpectationFailed =
        Last(417, "expectation-failed", "Only 100-continue can be expected", State.Refusal.Malformed);

    private static readonly Problem CodingNotImplemented =
        Last(501, "coding-not-implemented", "The only transfer coding is chunked", State.Refusal.Malformed);

    private static readonly Problem VersionNotSupported =
        Last(505, "version-not-supported", "This version of HTTP is not served here", State.Refusal.Malformed);

    public static readonly Problem TooLarge =
        Last(413, "content-too-large", "The request body is larger than allowed", State.Refusal.Body);

    /// <summary>True where what follows on the connection cannot be trusted.</summary>
    public bool Closes { get; init; }

    /// <summary>The methods that are served instead (RFC 9110 section 15.5.6).</summary>
    public string? Allow { get; init; }

    /// <summary>The credentials that are asked for (RFC 9110 section 11.6.1).</summary>
    public string? Challenge { get; init; }

    /// <summary>What it counts as; null where the client was not turned away.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>What would have been right; null where there is nothing to add.</summary>
    public string? Detail { get; init; }

    public static Problem MethodNotAllowed(string allow) =>
        new(405, "method-not-allowed", "This method is not served here") { Allow = allow };

    /// <param name="retryAfter">Seconds after which one more is served.</param>
    public static Problem RateLimited(int retryAfter) =>
        new(429, "rate-limited", "Too many requests", retryAfter) { Refusal = State.Refusal.RateLimit };

    /// <returns>Null where nobody is left to answer.</returns>
    public static Problem? For(ForwardError error) => ForwardErrorRules.Status(error) switch
    {
        503 when error == ForwardError.QueueFull => QueueFull,
        503 when error == ForwardError.QueueTimeout => QueueTimeout,
        503 when error == ForwardError.NoDescriptors => OutOfSockets,
        503 => NoneAvailable,
        502 => BackendFailed,
        504 => BackendTimeout,
        408 => ClientTimeout,
        400 => Malformed,
        413 => TooLarge,
        431 => HeadTooLarge,
        500 => HookFailed,
        _ => null,
    };

    public static Problem For(HeadRefusal refusal) => refusal switch
    {
        HeadRefusal.Timeout => ClientTimeout,
        HeadRefusal.StartLineTooLong => TargetTooLong,
        HeadRefusal.HeadTooLarge => HeadTooLarge,
        HeadRefusal.Version => VersionNotSupported,
        HeadRefusal.TransferCoding => CodingNotImplemented,
        HeadRefusal.Expectation => ExpectationFailed,
        _ => Malformed,
    };

    // The last answer of its connection.
    private static Problem Last(int status, string type, string title, Refusal refusal) =>
        new(status, type, title) { Closes = true, Refusal = refusal };
}
