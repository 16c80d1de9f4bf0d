namespace MiniLB.Admin;

/// <summary>What is served at one path of the admin address, and by which method.</summary>
internal sealed record AdminRoute(string Method, Func<AdminCommand, ValueTask<AdminAnswer>> Answer)
{
    /// <summary>The largest body that is read.</summary>
    public const int MostBody = 4 * 1024;

    /// <summary>True where it changes something.</summary>
    public bool IsCommand => Method != "GET";

    /// <summary>True where the answer goes on until somebody ends it, which pages of other sites may not ask
    /// for.</summary>
    public bool IsStream { get; init; }

    /// <summary>The methods for the Allow field.</summary>
    public string Allow => IsCommand ? Method : "GET, HEAD";

    public static AdminRoute Get(Func<AdminAnswer> answer) => Get(_ => answer());

    public static AdminRoute Get(Func<AdminCommand, AdminAnswer> answer) => At("GET", answer);

    public static AdminRoute Post(Func<AdminCommand, AdminAnswer> answer) => At("POST", answer);

    public static AdminRoute Put(Func<AdminCommand, AdminAnswer> answer) => At("PUT", answer);

    private static AdminRoute At(string method, Func<AdminCommand, AdminAnswer> answer) =>
        new(method, command => ValueTask.FromResult(answer(command)));

    public bool Serves(string method) => method == Method || (method == "HEAD" && !IsCommand);
}
