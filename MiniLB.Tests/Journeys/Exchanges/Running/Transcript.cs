using System.Text;

namespace MiniLB.Tests.Journeys.Exchanges.Running;

/// <summary>Bytes in a form that can be read in a failure's message.</summary>
internal static class Transcript
{
    private const int Longest = 1500;

    public static string Of(IEnumerable<string> parts) => string.Join("\n--\n", parts.Select(Of));

    public static string Of(string text)
    {
        var shown = new StringBuilder();
        foreach (var c in text.Length > Longest ? text[..Longest] + $"...({text.Length})" : text)
        {
            _ = c switch
            {
                '\r' => shown.Append("\\r"),
                '\n' => shown.Append("\\n\n"),
                < ' ' or > '~' => shown.Append($"\\x{(int)c:X2}"),
                _ => shown.Append(c),
            };
        }

        return shown.ToString();
    }
}
