using MiniLB.Config;
using MiniLB.Transport;

namespace MiniLB.Tests.Transport;

public sealed class ReceiveBufferTests
{
    // The largest segment of the loopback interface: its MTU less the heads of IP and TCP.
    private const int Segment = 65_483;

    // What TLS adds to a record: head, kind and tag (RFC 8446 section 5.2).
    private const int OfRecord = 5 + 1 + 16;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void RoomForMuch_IsWhatIsSentOnAtOnce_HoweverMuchIsThere(bool isRented)
    {
        var buffer = new ReceiveBuffer(isRented);
        buffer.ExpectMuch();
        for (var filled = 0; filled < 4 * Segment;)
        {
            var room = buffer.Room();
            Assert.InRange(room.Length, 1, MemoryPlan.Current.LargeBuffer);
            buffer.Add(room.Length);
            filled += room.Length;
            Assert.Equal(filled, buffer.Received.Length);
        }
    }

    [Fact]
    public void LongPiece_FitsInASegment_InTlsToo() =>
        Assert.InRange(MemoryPlan.LongPiece + (4 * OfRecord), MemoryPlan.LongPiece, Segment);
}
