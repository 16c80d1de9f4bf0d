using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace MiniLB.Tests.Journeys.Peers;

/// <summary>What a gRPC service has seen, and what it waits for.</summary>
internal sealed class EchoRecord
{
    /// <summary>The request heads, as they came.</summary>
    public ConcurrentQueue<IHeaderDictionary> Heads { get; } = [];

    /// <summary>The deadlines of the calls.</summary>
    public ConcurrentQueue<DateTime> Deadlines { get; } = [];

    /// <summary>Lets a stream write one message more.</summary>
    public SemaphoreSlim Next { get; } = new(0);

    /// <summary>A call that waits has arrived.</summary>
    public TaskCompletionSource Waiting { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A call that waits has been cancelled.</summary>
    public TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
