using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace MiniLB.Tests.Transport;

/// <summary>A backend's connection in memory: what it says is fed by the test, what it is told is kept.</summary>
internal sealed class ScriptedStream : Stream
{
    private readonly Pipe _said = new(new PipeOptions(
        readerScheduler: PipeScheduler.Inline, useSynchronizationContext: false, pauseWriterThreshold: 0));
    private readonly StringBuilder _told = new();
    private int _disposals;

    /// <summary>Runs before each write is taken; what it throws is thrown to the writer.</summary>
    public Func<Task>? BeforeWrite { get; set; }

    /// <summary>Runs with each flush; what it throws is thrown to the writer.</summary>
    public Func<Task>? BeforeFlush { get; set; }

    public string Told
    {
        get
        {
            lock (_told)
            {
                return _told.ToString();
            }
        }
    }

    public bool IsDisposed => Volatile.Read(ref _disposals) > 0;

    public int Disposals => Volatile.Read(ref _disposals);

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public void Say(string text)
    {
        _said.Writer.Write(Encoding.Latin1.GetBytes(text));
        _said.Writer.FlushAsync().AsTask().Wait();
    }

    public void End(Exception? failure = null) => _said.Writer.Complete(failure);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        var read = await _said.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        ObjectDisposedException.ThrowIf(IsDisposed, this);

        var taken = read.Buffer.Slice(0, Math.Min(buffer.Length, read.Buffer.Length));
        taken.CopyTo(buffer.Span);
        var count = (int)taken.Length;
        _said.Reader.AdvanceTo(taken.End);
        return count;
    }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (BeforeWrite is { } before)
        {
            await before();
        }

        ObjectDisposedException.ThrowIf(IsDisposed, this);
        lock (_told)
        {
            _told.Append(Encoding.Latin1.GetString(buffer.Span));
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => BeforeFlush?.Invoke() ?? Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (Interlocked.Increment(ref _disposals) == 1)
        {
            _said.Reader.CancelPendingRead();
        }

        base.Dispose(disposing);
    }
}
