namespace MiniLB.Tests.Journeys.Exchanges.Running;

/// <summary>A connection that the balancer made, which may serve several rows.</summary>
internal sealed class BackendConnection(Peer peer, Task serving)
{
    private int _before;

    public Peer Peer => peer;

    public Task Serving => serving;

    /// <summary>Whether the row's bytes came here.</summary>
    public bool IsUsed => peer.Received.Length > _before;

    /// <summary>What came so far belongs to other rows.</summary>
    public void Mark() => _before = peer.Received.Length;

    public string Describe() => $"{peer.Received[_before..]}({peer.State})";
}
