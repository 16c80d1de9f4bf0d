using System.Text;

namespace MiniLB.Tests.Fuzzing.Strict;

/// <summary>Takes a request line apart.</summary>
internal static class RequestLineSyntax
{
    /// <summary>The fault, or null.</summary>
    public static string? Read(ReadOnlySpan<byte> line, StrictMessage message)
    {
        var first = line.IndexOf((byte)' ');
        var last = line.LastIndexOf((byte)' ');
        if (first < 0 || last <= first)
        {
            return "request line";
        }

        var method = line[..first];
        var target = line[(first + 1)..last];
        var version = line[(last + 1)..];
        if (!Characters.IsToken(method))
        {
            return "method";
        }

        if (!Characters.IsTarget(target))
        {
            return "target";
        }

        if (version.Length != 8 || !version.StartsWith("HTTP/1."u8) || !Characters.IsDigits(version[7..]))
        {
            return "version";
        }

        message.Minor = version[7] - '0';
        message.Doubtful(message.Minor > 1, "unknown minor version");
        message.Method = Encoding.Latin1.GetString(method);
        message.Target = Encoding.Latin1.GetString(target);
        return null;
    }
}
