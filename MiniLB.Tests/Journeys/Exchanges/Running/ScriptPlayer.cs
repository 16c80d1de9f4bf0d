using System.Diagnostics;
using MiniLB.Tests.Journeys.Exchanges.Table;
using static System.StringComparison;

namespace MiniLB.Tests.Journeys.Exchanges.Running;

/// <summary>Does the steps of a script on a connection.</summary>
internal sealed class ScriptPlayer(Peer peer, Func<string> otherSideReceived)
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(1);

    /// <summary>Whether the backend has done its scripts; a client asks.</summary>
    public Func<bool> IsBackendDone { get; init; } = () => true;

    /// <summary>The request that a backend is answering.</summary>
    public ReceivedRequest? Request { get; init; }

    /// <returns>What was waited for in vain, else null.</returns>
    public async Task<string?> PlayAsync(IEnumerable<Step> steps)
    {
        foreach (var step in steps)
        {
            if (!await DoAsync(step))
            {
                return $"in vain: {step.Kind} '{step.Text}'";
            }
        }

        return null;
    }

    private async Task<bool> DoAsync(Step step)
    {
        switch (step.Kind)
        {
            case StepKind.Say:
                await peer.SayAsync(step.Text);
                return true;
            case StepKind.Drip:
                await DripAsync(step);
                return true;
            case StepKind.Hear:
                return Heard(await peer.ThroughAsync(step.Text, Peer.Patience));
            case StepKind.HearEnd:
                return Heard(await peer.ToEndAsync()) && peer.State != PeerState.Open;
            case StepKind.Await:
                return await peer.UntilAsync(() => peer.Untaken.Contains(step.Text, Ordinal), Peer.Patience);
            case StepKind.AwaitEnd:
                return await peer.UntilAsync(() => peer.State != PeerState.Open, Peer.Patience);
            case StepKind.OtherSideHas:
                return await EventuallyAsync(() => otherSideReceived().Contains(step.Text, Ordinal));
            case StepKind.BackendDone:
                return await EventuallyAsync(IsBackendDone);
            case StepKind.Body:
                Request!.Body = await BodyAsync(Request.Head);
                return true;
            case StepKind.HalfClose:
                peer.HalfClose();
                return true;
            case StepKind.Close:
                await peer.DisposeAsync();
                return true;
            default:
                peer.Reset();
                return true;
        }
    }

    private bool Heard(string? text)
    {
        Request?.Heard.Append(text);
        return text is not null;
    }

    private Task<MessageBody> BodyAsync(MessageHead head) =>
        head.IsChunked ? MessageBody.ChunkedAsync(peer)
        : head.ContentLength is { } length ? MessageBody.FixedAsync(peer, length)
        : Task.FromResult(MessageBody.None);

    // The pieces are to arrive apart, whatever the speed; nothing waits for the time to pass.
    private async Task DripAsync(Step step)
    {
        foreach (var piece in step.Text.Chunk(step.Piece))
        {
            await peer.SayAsync(new string(piece));
            await Task.Delay(Pace);
        }
    }

    private static async Task<bool> EventuallyAsync(Func<bool> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (watch.Elapsed > Peer.Patience)
            {
                return false;
            }

            await Task.Delay(Pace);
        }

        return true;
    }
}
