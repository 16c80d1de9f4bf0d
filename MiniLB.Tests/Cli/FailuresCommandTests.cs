using MiniLB.Cli;
using MiniLB.State;

namespace MiniLB.Tests.Cli;

public sealed class FailuresCommandTests
{
    [Fact]
    public void Failure_IsShownWithWhatLedToIt_AndSteersNoTerminal()
    {
        using var output = new StringWriter { NewLine = "\n" };

        FailuresCommand.Write(output, new FailedRequest
        {
            Time = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 6, TimeSpan.Zero),
            RequestId = "id-1",
            Client = "10.0.0.9",
            Method = "GET",
            Target = "/a\u009b2J\u001b[2J",
            Pool = "web",
            Status = 502,
            Why = "backendClosed",
            Decision = "retry.attempts were used up",
            Seconds = 0.0125,
            Tries = [new FailedTry("http://a", "connectFailed", 0.002), new FailedTry("http://b", "backendClosed", 0.01)],
            PassedOver = [new PassedOver("http://c", "draining")],
        });

        Assert.Equal(
            """
            2026-01-02 03:04:05.006Z 502 backendClosed  GET /a?2J?[2J
                after 12.5 ms; client 10.0.0.9, request id-1
                pool web: retry.attempts were used up
                tried http://a: connectFailed after 2 ms
                tried http://b: backendClosed after 10 ms
                passed over http://c: draining

            """,
            output.ToString());
    }
}
