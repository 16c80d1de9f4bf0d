using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace MiniLB.RequestPath.Summarize;

/// <summary>Lines into a descriptor, without .NET's buffers and without its console, which holds one lock for output
/// and errors alike while it writes: a reader that stops reading our output would silence the log on standard error
/// too.</summary>
/// <remarks>Where a disk is full a write may end in the middle of a line. That line is then ended before the next one
/// begins.</remarks>
/// <param name="handle">Where to; closed with the stream where it is the handle's.</param>
/// <param name="mayLose">Whether to say nothing of lines that cannot be written.</param>
internal sealed partial class LogOutput(SafeFileHandle handle, bool mayLose = false) : Stream
{
    private const int Output = 1;
    private const int Error = 2;
    private const int Eintr = 4;
    private const int Eagain = 11;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    // The writer's own: the last write failed in the middle of a line.
    private bool _isWithinLine;

    public static LogOutput StandardOutput() => new(new SafeFileHandle(Output, ownsHandle: false));

    /// <summary>For the program's own log, which has nobody to complain to.</summary>
    public static LogOutput StandardError() => new(new SafeFileHandle(Error, ownsHandle: false), mayLose: true);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <param name="buffer">Whole lines.</param>
    /// <exception cref="LinesLostException">They cannot be written, or not all of them.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return;
        }

        var lineEnd = _isWithinLine ? "\n"u8 : [];
        var left = buffer;
        var reason = WriteAll(ref lineEnd) ?? WriteAll(ref left);
        var written = buffer[..^left.Length];
        _isWithinLine = reason is not null && (written.IsEmpty ? !lineEnd.IsEmpty : written[^1] != (byte)'\n');
        if (reason is not null && !mayLose)
        {
            throw new LinesLostException(reason, left.Count((byte)'\n'));
        }
    }

    public override void Flush()
    {
        // Nothing is held back.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            handle.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <param name="bytes">What is left when it returns is not written.</param>
    /// <returns>Why; null where nothing is left.</returns>
    private string? WriteAll(ref ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var written = (int)WriteBytes(handle, bytes, (nuint)bytes.Length);
            if (written > 0)
            {
                bytes = bytes[written..];
                continue;
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case Eintr:
                    break;
                case Eagain: // somebody made the pipe non-blocking
                    Thread.Sleep(Pause);
                    break;
                case var error:
                    return Marshal.GetPInvokeErrorMessage(error);
            }
        }

        return null;
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteBytes(SafeHandle descriptor, ReadOnlySpan<byte> bytes, nuint count);
}
