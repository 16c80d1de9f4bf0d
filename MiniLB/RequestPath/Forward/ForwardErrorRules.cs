using MiniLB.State;

namespace MiniLB.RequestPath.Forward;

/// <summary>What follows from a <see cref="ForwardError"/>.</summary>
internal static class ForwardErrorRules
{
    /// <summary>The status that a client is answered where nothing has been answered yet; 0 where nobody is
    /// there.</summary>
    public static int Status(ForwardError error) => error switch
    {
        ForwardError.NoneAvailable or ForwardError.QueueFull or ForwardError.QueueTimeout
            or ForwardError.ConnectFailed or ForwardError.NoDescriptors or ForwardError.AnswerRefused => 503,
        ForwardError.StaleSent or ForwardError.BackendClosed or ForwardError.ResponseHeadInvalid
            or ForwardError.RequestBodyNotTaken or ForwardError.ResponseBodyBroken => 502,
        ForwardError.ResponseHeadTimeout or ForwardError.ResponseBodyTimeout or ForwardError.TotalTimeout => 504,
        ForwardError.RequestBodyTimeout or ForwardError.RequestHeadTimeout => 408,
        ForwardError.RequestBodyInvalid or ForwardError.RequestHeadInvalid => 400,
        ForwardError.RequestTrailersTooLarge => 431,
        ForwardError.RequestBodyTooLarge => 413,
        ForwardError.HookFailed => 500,
        _ => 0,
    };

    /// <summary>True where the request may have reached the backend.</summary>
    public static bool WasSent(ForwardError error) => error is not
        (ForwardError.NoneAvailable or ForwardError.QueueFull or ForwardError.QueueTimeout
            or ForwardError.ConnectFailed or ForwardError.NoDescriptors);

    /// <summary>True where the backend is to blame. Neither a client that hangs up or sends nonsense is its failure,
    /// nor a
    /// kept connection that it closed when its time was over.</summary>
    public static bool IsBackendFault(ForwardError error) => error is
        ForwardError.ConnectFailed or ForwardError.BackendClosed
        or ForwardError.ResponseHeadTimeout or ForwardError.ResponseHeadInvalid or ForwardError.RequestBodyNotTaken
        or ForwardError.ResponseBodyBroken or ForwardError.ResponseBodyTimeout;

    /// <summary>True where the request was not served, and not through its client's doing. A tunnel that ends because
    /// nothing goes through it was served.</summary>
    public static bool IsFailure(ForwardError error) => error is not
        (ForwardError.None or ForwardError.ClientGone or ForwardError.TunnelTimeout
            or ForwardError.RequestHeadInvalid or ForwardError.RequestHeadTimeout or ForwardError.RequestBodyTimeout
            or ForwardError.RequestBodyInvalid or ForwardError.RequestBodyTooLarge
            or ForwardError.RequestTrailersTooLarge);

    /// <summary>What the client was turned away for, be it in the middle; null where that was not its doing.</summary>
    public static Refusal? Refusal(ForwardError error) => error switch
    {
        ForwardError.RequestHeadTimeout or ForwardError.RequestBodyTimeout => State.Refusal.SlowRequest,
        ForwardError.RequestHeadInvalid or ForwardError.RequestBodyInvalid => State.Refusal.Malformed,
        ForwardError.RequestTrailersTooLarge => State.Refusal.Head,
        ForwardError.RequestBodyTooLarge => State.Refusal.Body,
        _ => null,
    };

    /// <summary>The words, by number.</summary>
    public static IReadOnlyList<string> Words { get; } = [.. Enum.GetValues<ForwardError>().Select(Word)];

    /// <summary>The word for logs; part of the access log's format.</summary>
    public static string Word(ForwardError error) => error switch
    {
        ForwardError.None => "done",
        ForwardError.NoneAvailable => "noneAvailable",
        ForwardError.QueueFull => "queueFull",
        ForwardError.QueueTimeout => "queueTimeout",
        ForwardError.ConnectFailed => "connectFailed",
        ForwardError.NoDescriptors => "noDescriptors",
        ForwardError.AnswerRefused => "answerRefused",
        ForwardError.RequestHeadInvalid => "requestHeadInvalid",
        ForwardError.RequestHeadTimeout => "requestHeadTimeout",
        ForwardError.RequestTrailersTooLarge => "requestTrailersTooLarge",
        ForwardError.TunnelTimeout => "tunnelTimeout",
        ForwardError.StaleSent => "staleSent",
        ForwardError.BackendClosed => "backendClosed",
        ForwardError.ResponseHeadTimeout => "responseHeadTimeout",
        ForwardError.ResponseHeadInvalid => "responseHeadInvalid",
        ForwardError.RequestBodyNotTaken => "requestBodyNotTaken",
        ForwardError.RequestBodyTimeout => "requestBodyTimeout",
        ForwardError.RequestBodyInvalid => "requestBodyInvalid",
        ForwardError.RequestBodyTooLarge => "requestBodyTooLarge",
        ForwardError.ResponseBodyBroken => "responseBodyBroken",
        ForwardError.ResponseBodyTimeout => "responseBodyTimeout",
        ForwardError.TotalTimeout => "totalTimeout",
        ForwardError.ClientGone => "clientGone",
        ForwardError.HookFailed => "hookFailed",
        ForwardError.Unexpected => "unexpected",
        _ => throw new ArgumentOutOfRangeException(nameof(error), error, null),
    };
}
