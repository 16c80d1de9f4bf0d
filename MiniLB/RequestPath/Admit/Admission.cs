using MiniLB.RequestPath.Summarize;

namespace MiniLB.RequestPath.Admit;

/// <summary>Decides whether a request may go on to a backend.</summary>
internal static class Admission
{
    /// <returns>Null to go on, or why not.</returns>
    /// <param name="method">The method as sent.</param>
    /// <param name="announced">The body's length, where it is known.</param>
    /// <param name="mostBody">The largest body allowed; 0 means no limit.</param>
    /// <param name="isRouted">True where routes say which methods they serve.</param>
    public static Problem? Refuse(string method, long? announced, long mostBody, bool isRouted) =>
        mostBody > 0 && announced > mostBody ? Problem.TooLarge : RefuseMethod(method, isRouted);

    private static Problem? RefuseMethod(string method, bool isRouted) => method switch
    {
        "GET" or "POST" or "HEAD" or "PUT" or "DELETE" or "PATCH" => null,
        _ => RefuseRareMethod(method, isRouted),
    };

    private static Problem? RefuseRareMethod(string method, bool isRouted) => method.ToUpperInvariant() switch
    {
        // A tunnel to anywhere is not what a balancer is for. In any case: some backends ignore it.
        "CONNECT" => Problem.ConnectNotAllowed,
        // It echoes the fields of the request, ours among them, to whoever can make a browser ask.
        "TRACE" when !isRouted || method != "TRACE" => Problem.TraceNotAllowed,
        _ => null,
    };
}
