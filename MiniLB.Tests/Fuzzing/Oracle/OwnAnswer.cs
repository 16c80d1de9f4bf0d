using MiniLB.Tests.Fuzzing.Strict;

namespace MiniLB.Tests.Fuzzing.Oracle;

/// <summary>Tells answers of the balancer's own.</summary>
internal static class OwnAnswer
{
    private static readonly int[] Statuses =
        [400, 403, 404, 405, 408, 413, 414, 417, 421, 431, 500, 501, 502, 503, 504, 505];

    public static bool IsError(StrictMessage answer) => Statuses.Contains(answer.Status)
        && answer.Lists("Content-Type", "application/problem+json")
        && (answer.Body.Length == 0 || answer.Body.IndexOf("urn:minilb:problem:"u8) >= 0);
}
