using System.Buffers;
using System.IO.Pipelines;
using MiniLB.RequestPath.Forward;

namespace MiniLB.RequestPath.Accept;

/// <summary>Writes a response body to an HTTP/2 stream in pieces, each of which the client must make room for in
/// time.</summary>
/// <remarks>How much of its window a client has left is known to Kestrel alone; but a flush ends when the piece was
/// sent. A slow client gets small pieces, so that whoever makes progress is never cut.</remarks>
/// <param name="write">How long the client may take nothing; zero means no limit.</param>
internal sealed class Http2ResponseBody(PipeWriter writer, ExchangeTimer timer, TimeSpan write)
{
    private const int LargePiece = 8 * 1024;
    private const int SmallPiece = 1024;
    private const int QuickMilliseconds = 50;
    private const int SlowMilliseconds = 300;

    private readonly ArrayBufferWriter<byte> _held = new();
    private int _piece = SmallPiece;

    public void Write(ReadOnlySpan<byte> data) => _held.Write(data);

    /// <returns>False where the client has gone, or takes nothing.</returns>
    public async ValueTask<bool> FlushAsync()
    {
        var sent = 0;
        do
        {
            var length = Math.Min(_piece, _held.WrittenCount - sent);
            // Asked for by its size: of a stream that was reset Kestrel would give none otherwise.
            _held.WrittenSpan.Slice(sent, length).CopyTo(writer.GetSpan(length));
            writer.Advance(length);
            sent += length;
            if (!await FlushPieceAsync())
            {
                return false;
            }
        }
        while (sent < _held.WrittenCount);

        _held.ResetWrittenCount();
        return true;
    }

    private async ValueTask<bool> FlushPieceAsync()
    {
        var flush = writer.FlushAsync();
        if (flush.IsCompleted)
        {
            // A little fits in before the window counts: this says nothing about the client.
            return !(await flush).IsCompleted;
        }

        timer.Wait(TimeLimit.ClientTakes, write);
        await using var cancelled = timer.Token.UnsafeRegister(
            static writer => ((PipeWriter)writer!).CancelPendingFlush(), writer);
        var since = Environment.TickCount64;
        var result = await flush;
        _piece = (Environment.TickCount64 - since) switch
        {
            < QuickMilliseconds => Math.Min(LargePiece, _piece * 2),
            >= SlowMilliseconds => SmallPiece,
            _ => _piece,
        };
        return !result.IsCompleted && !result.IsCanceled;
    }
}
