using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.Connections.Features;
using Microsoft.AspNetCore.SignalR;

namespace MiniLB.Tests.Journeys.Peers;

/// <summary>A SignalR hub that answers, calls back, and streams in both directions.</summary>
internal sealed class TalkHub : Hub
{
    public string Transport() => Context.Features.Get<IHttpTransportFeature>()!.TransportType.ToString();

    public Task<string> Echo(string text) => Context is null ? Task.FromResult("") : Task.FromResult(text);

    public Task CallBack(string text) => Clients.Caller.SendAsync("Called", text);

    public async IAsyncEnumerable<int> CountTo(int end, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var i = 1; i <= end && !Context.ConnectionAborted.IsCancellationRequested; i++)
        {
            yield return i;
            await Task.Yield();
            cancellation.ThrowIfCancellationRequested();
        }
    }

    public async Task<int> Sum(IAsyncEnumerable<int> numbers)
    {
        var sum = 0;
        await foreach (var number in numbers.WithCancellation(Context.ConnectionAborted))
        {
            sum += number;
        }

        return sum;
    }
}
