using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace MiniLB.Tests.Journeys.Peers;

/// <summary>A gRPC service in all four shapes; the message decides how a call ends.</summary>
internal sealed class EchoService(EchoRecord record) : EchoBase
{
    public override async Task<string> Unary(string request, ServerCallContext context)
    {
        Note(context);
        var answer = new Metadata();
        foreach (var entry in context.RequestHeaders.Where(h => h.Key.StartsWith("sent-", StringComparison.Ordinal)))
        {
            answer.Add(entry);
        }

        context.ResponseTrailers.Add("at-the-end", "yes, really");
        context.ResponseTrailers.Add("at-the-end-bin", [0, 255, 128]);
        if (request == "fail")
        {
            throw new RpcException(new Status(StatusCode.FailedPrecondition, "100 % refused: caf\u00e9"));
        }

        await context.WriteResponseHeadersAsync(answer);
        return request == "wait" ? await WaitAsync(context) : request;
    }

    /// <summary>As many messages as asked for, each when the test lets it; "fail" after the number breaks it
    /// off.</summary>
    public override async Task FromServer(
        string request, IServerStreamWriter<string> answers, ServerCallContext context)
    {
        Note(context);
        var count = int.Parse(request.Split(' ')[0], CultureInfo.InvariantCulture);
        for (var i = 0; i < count; i++)
        {
            await record.Next.WaitAsync(context.CancellationToken);
            await answers.WriteAsync($"message {i}");
        }

        context.ResponseTrailers.Add("written", request);
        if (request.EndsWith("fail", StringComparison.Ordinal))
        {
            throw new RpcException(new Status(StatusCode.DataLoss, "broken off"), new Metadata { { "lost", "some" } });
        }
    }

    public override async Task<string> FromClient(IAsyncStreamReader<string> requests, ServerCallContext context)
    {
        Note(context);
        var (count, length) = (0, 0L);
        while (await requests.MoveNext(context.CancellationToken))
        {
            count++;
            length += requests.Current.Length;
        }

        return $"{count} messages, {length} characters";
    }

    public override async Task BothWays(
        IAsyncStreamReader<string> requests, IServerStreamWriter<string> answers, ServerCallContext context)
    {
        Note(context);
        while (await requests.MoveNext(context.CancellationToken))
        {
            await answers.WriteAsync($"you said {requests.Current}");
            if (requests.Current == "wait")
            {
                await WaitAsync(context);
            }
        }

        context.ResponseTrailers.Add("at-the-end", "heard all");
    }

    private async Task<string> WaitAsync(ServerCallContext context)
    {
        record.Waiting.TrySetResult();
        try
        {
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        }
        finally
        {
            record.Cancelled.TrySetResult();
        }

        return "never";
    }

    private void Note(ServerCallContext context)
    {
        var head = new HeaderDictionary();
        foreach (var field in context.GetHttpContext().Request.Headers)
        {
            head.Append(field.Key, field.Value);
        }

        record.Heads.Enqueue(head);
        record.Deadlines.Enqueue(context.Deadline);
    }
}
