namespace MiniLB.State;

/// <summary>The request methods that are counted apart; whatever else clients send is one more.</summary>
internal static class MethodNames
{
    public const int Count = 10;

    public static ReadOnlySpan<string> All => Names;

    private static readonly string[] Names =
        ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "CONNECT", "TRACE", "other"];

    public static int Of(string method) => method switch
    {
        "GET" => 0,
        "HEAD" => 1,
        "POST" => 2,
        "PUT" => 3,
        "DELETE" => 4,
        "PATCH" => 5,
        "OPTIONS" => 6,
        "CONNECT" => 7,
        "TRACE" => 8,
        _ => Count - 1,
    };
}
