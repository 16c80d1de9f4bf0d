namespace MiniLB.Tests.Journeys.Exchanges.Table;

/// <summary>Rows that are alike in what must come of them.</summary>
internal static class Outcomes
{
    /// <summary>Refused with a problem document, before any byte reached a backend; the connection ends.</summary>
    public static ExchangeRow Refused(string name, string promise, int status, params Step[] sends) =>
        new(name, promise)
        {
            Sends = sends,
            Backend = [],
            Sees = [Own(status)],
            Then = Then.Ends,
        };

    /// <summary>Refused, where the start of the request may have reached the backend, but never a whole one.</summary>
    public static ExchangeRow BrokenOff(string name, string promise, int status, params Step[] sends) =>
        Refused(name, promise, status, sends) with { Backend = Steps.SaysOk, ReachesNoneWhole = true };

    /// <summary>Passed on as one request and answered with "ok"; the connection stays open.</summary>
    public static ExchangeRow Passed(string name, string promise, string sends, RequestSeen reaches) =>
        new(name, promise) { Sends = [sends], Reaches = [reaches] };

    /// <summary>A GET request that is answered like this, and what the client sees of the answer.</summary>
    public static ExchangeRow Answered(string name, string promise, string answer, ResponseSeen sees) =>
        new(name, promise)
        {
            Sends = [Steps.Get()],
            Backend = Steps.Answers(answer),
            Sees = [sees],
            Reaches = [new("GET / HTTP/1.1")],
        };

    /// <summary>A GET request whose answer is not to be understood: 502, and the connection stays open.</summary>
    public static ExchangeRow Nonsense(string name, string promise, string answer) =>
        new(name, promise)
        {
            Sends = [Steps.Get()],
            Backend = [[Steps.Body, answer, Steps.HearEnd], [Steps.Body, answer, Steps.HearEnd]],
            Sees = [new(502) { IsOwn = true }],
            Reaches = [new("GET / HTTP/1.1")],
        };

    /// <summary>An answer that breaks in its body: the client must not take it for whole.</summary>
    public static ExchangeRow CutOff(string name, string promise, params Step[] answer) =>
        new(name, promise)
        {
            Sends = [Steps.Get()],
            Backend = Steps.Answers(answer),
            Sees = [new(200) { CutOff = true }],
            Then = Then.Ends,
            Reaches = [new("GET / HTTP/1.1")],
        };

    public static ResponseSeen Own(int status) => new(status) { IsOwn = true };
}
