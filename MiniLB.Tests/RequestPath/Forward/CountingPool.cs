using System.Buffers;

namespace MiniLB.Tests.RequestPath.Forward;

/// <summary>Buffers that are counted, and spoilt once they are given back.</summary>
internal sealed class CountingPool : ArrayPool<byte>
{
    private readonly HashSet<byte[]> _out = [];
    private readonly List<int> _asked = [];

    /// <summary>Buffers that were not given back.</summary>
    public int Out
    {
        get
        {
            lock (_out)
            {
                return _out.Count;
            }
        }
    }

    /// <summary>The lengths that were asked for, in order.</summary>
    public string Asked
    {
        get
        {
            lock (_out)
            {
                return string.Join(' ', _asked);
            }
        }
    }

    public override byte[] Rent(int minimumLength)
    {
        // A pool may give more than it was asked for.
        var buffer = new byte[minimumLength + 3];
        lock (_out)
        {
            _asked.Add(minimumLength);
            _out.Add(buffer);
        }

        return buffer;
    }

    public override void Return(byte[] array, bool clearArray = false)
    {
        lock (_out)
        {
            Assert.True(_out.Remove(array), "a buffer is given back that is not out");
        }

        array.AsSpan().Fill((byte)'#');
    }
}
