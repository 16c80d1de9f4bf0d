using System.Buffers;
using System.IO.Pipelines;
using MiniLB.RequestPath.Forward;

namespace MiniLB.RequestPath;

/// <summary>The body of a request, which may be read anew where what was consumed of it is kept.</summary>
/// <remarks>Mutable: a field of the one exchange at a time that has it, never a copy.</remarks>
internal struct RepeatableBody
{
    private KeptRequestBody? _kept;
    private bool _keeps;

    /// <summary>How far the attempt at hand has read.</summary>
    public long Position { get; private set; }

    /// <summary>True while all that was consumed can be sent again.</summary>
    public readonly bool CanRewind => _keeps && _kept!.CanRewind;

    public readonly PipeReader Reader(PipeReader client) => _keeps ? _kept! : client;

    public void Keep(PipeReader client, long most)
    {
        _kept ??= new KeptRequestBody(ArrayPool<byte>.Shared);
        _kept.Begin(client, most);
        _keeps = true;
    }

    public void Rewind()
    {
        if (_keeps)
        {
            _kept!.Rewind();
            Position = 0;
        }
    }

    public void Advance(long bytes) => Position += bytes;

    /// <summary>Keeps nothing from here on: nothing is sent again.</summary>
    public readonly void GiveUp()
    {
        if (_keeps)
        {
            _kept!.GiveUp();
        }
    }

    /// <summary>Gives back what is kept, and is fit for the next request.</summary>
    public void End()
    {
        if (_keeps)
        {
            _kept!.Release();
            _keeps = false;
        }

        Position = 0;
    }
}
