using System.Text;

namespace MiniLB.Tests.Fuzzing.Scripts;

/// <summary>One input: all that a client does on one connection, and what the backend does with each request that
/// arrives. What ought to happen is worked out from the bytes alone.</summary>
internal sealed record FuzzCase(string Name, IReadOnlyList<Step> Client, IReadOnlyList<IReadOnlyList<Step>> Answers)
{
    /// <summary>Numbers of the requests that a mutator has touched.</summary>
    public IReadOnlyList<int> Mutated { get; init; } = [];

    /// <summary>All bytes of the client, in order.</summary>
    public byte[] Sent => Joined(Client);

    /// <summary>The script for a request by its number on the connection.</summary>
    public IReadOnlyList<Step> AnswerFor(int index) => index < Answers.Count ? Answers[index] : Plain(index);

    public static byte[] Joined(IReadOnlyList<Step> steps)
    {
        var joined = new byte[steps.Sum(s => s.Bytes.Length)];
        var at = 0;
        foreach (var step in steps)
        {
            step.Bytes.CopyTo(joined, at);
            at += step.Bytes.Length;
        }

        return joined;
    }

    private static Step[] Plain(int index)
    {
        var body = $"plain answer {index}";
        var text = $"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}";
        return [Step.Of(StepKind.ReadBody), Step.Send(Encoding.Latin1.GetBytes(text))];
    }
}
