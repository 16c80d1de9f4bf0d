using System.Text;

namespace MiniLB.Transport.OpenSsl;

/// <summary>What OpenSSL has to say of a failure: a queue of each thread.</summary>
internal static class SslErrors
{
    private const int MostBytes = 256;

    /// <summary>Empties the queue.</summary>
    /// <returns>The last of what was in it, which says most; null where nothing was.</returns>
    public static unsafe string? Take()
    {
        nuint last = 0;
        while (OpenSslMethods.NextError() is var error and not 0)
        {
            last = error;
        }

        if (last == 0)
        {
            return null;
        }

        var text = stackalloc byte[MostBytes];
        OpenSslMethods.TextOf(last, text, MostBytes);
        var line = Encoding.UTF8.GetString(text, new ReadOnlySpan<byte>(text, MostBytes).IndexOf((byte)0));
        // error:CODE:library::reason
        return line[(line.LastIndexOf(':') + 1)..];
    }
}
