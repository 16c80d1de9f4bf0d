using System.Text;

namespace MiniLB.Tests.Journeys.Exchanges.Running;

/// <summary>A request as a backend received it.</summary>
/// <param name="head">What came first.</param>
/// <param name="connection">Where it came.</param>
/// <param name="isFirst">Whether nothing came there before it.</param>
internal sealed class ReceivedRequest(MessageHead head, Peer connection, bool isFirst)
{
    public Peer Connection => connection;

    public MessageHead Head => head;

    public bool IsFirstOnConnection => isFirst;

    public bool HasBody => head.IsChunked || head.ContentLength > 0;

    /// <summary>Null until its script has read it.</summary>
    public MessageBody? Body { get; set; }

    /// <summary>What the script heard beside head and body.</summary>
    public StringBuilder Heard { get; } = new();

    public bool IsComplete => Body?.IsComplete ?? !HasBody;
}
