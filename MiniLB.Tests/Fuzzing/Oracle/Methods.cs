namespace MiniLB.Tests.Fuzzing.Oracle;

/// <summary>Which methods a balancer may send again.</summary>
internal static class Methods
{
    public static bool MayBeRepeated(string method) => method is "GET" or "HEAD" or "OPTIONS" or "PUT" or "DELETE";
}
