using MiniLB.Tests.Fuzzing.Strict;

namespace MiniLB.Tests.Fuzzing.Oracle;

/// <summary>Compares a request at a backend with the message that the client sent.</summary>
internal static class ArrivalRules
{
    /// <summary>What a balancer writes itself.</summary>
    private static readonly string[] Own =
    [
        "Host", "Via", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Request-Id", "Content-Length",
        "Transfer-Encoding", "Connection",
    ];

    private static readonly string[] HopByHop =
    [
        "Keep-Alive", "Proxy-Connection", "TE", "HTTP2-Settings", "Proxy-Authenticate", "Forwarded", "X-Real-IP",
    ];

    private static readonly string[] NeverInTrailers =
    [
        "Content-Length", "Transfer-Encoding", "Host", "Connection", "Authorization", "Trailer",
    ];

    /// <summary>Faults of a head that has arrived.</summary>
    public static IEnumerable<(string Kind, string Detail)> JudgeHead(
        StrictMessage sent, StrictMessage got, bool isTunnel)
    {
        foreach (var field in got.Fields.Where(f => !Own.Any(f.Is)))
        {
            if (HopByHop.Any(field.Is) || (field.Is("Upgrade") && !isTunnel && !RequestHeadRules.AsksForUpgrade(sent)))
            {
                yield return ("hop-by-hop field passed on", field.ToString());
            }
            else if (!sent.Fields.Any(f => f.Is(field.Name)))
            {
                yield return ("field that the client did not send", field.ToString());
            }
        }

        var host = sent.Values("Host").FirstOrDefault();
        var hostThere = got.Values("Host").FirstOrDefault();
        if (host is not null && hostThere != host)
        {
            yield return ("Host changed", $"{host} to {hostThere}");
        }

        if (!got.Target.StartsWith('/'))
        {
            yield return ("target not in origin form", got.Target);
        }

        if (FuzzFields.Difference(sent, got) is { } difference)
        {
            yield return ("request field changed", difference);
        }
    }

    /// <summary>Faults of a body that has arrived, so far as it has.</summary>
    public static IEnumerable<(string Kind, string Detail)> JudgeBody(StrictMessage sent, StrictMessage got)
    {
        if (!sent.Body.StartsWith(got.Body))
        {
            yield return ("request body changed", $"{got.Body.Length} of {sent.Body.Length} bytes");
        }
        else if (got.Reading == Reading.Whole && got.Body.Length != sent.Body.Length)
        {
            yield return ("short request body looks whole", $"{got.Body.Length} of {sent.Body.Length} bytes");
        }
        else if (got.Reading == Reading.Whole && sent.Reading != Reading.Whole)
        {
            yield return ("unfinished request looks whole", $"{sent.Reading} {sent.Fault}");
        }

        if (got.HasExtensions)
        {
            yield return ("chunk extension passed on", "");
        }

        foreach (var field in got.Trailers)
        {
            if (!sent.Trailers.Contains(field) || NeverInTrailers.Any(field.Is))
            {
                yield return ("trailer field", field.ToString());
            }
        }
    }
}
