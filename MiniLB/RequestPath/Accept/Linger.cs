using System.IO.Pipelines;
using MiniLB.State;

namespace MiniLB.RequestPath.Accept;

/// <summary>Closes a connection whose client may still be sending, so that the answer reaches it: closing with bytes
/// unread would reset the connection, and the reset can overtake the answer (RFC 9112 section 9.6).</summary>
internal static class Linger
{
    // By then the answer has arrived, or the client does not want it.
    private const long MostBytes = 1024 * 1024;

    public static async ValueTask RunAsync(PipeReader input, ClientConnection connection)
    {
        connection.Enter(ClientPhase.Lingering);
        connection.EndOutput();
        try
        {
            for (var thrownAway = 0L; thrownAway < MostBytes;)
            {
                var result = await input.ReadAsync();
                thrownAway += result.Buffer.Length;
                input.AdvanceTo(result.Buffer.End);
                // A wake-up meant for whoever passed the body on may have been left over.
                if (result.IsCompleted || (result.IsCanceled && connection.IsToEnd))
                {
                    return;
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client has gone.
        }
    }
}
