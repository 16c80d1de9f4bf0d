using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using MiniLB.Async;
using MiniLB.Transport.Epoll;
using MiniLB.Wire;

namespace MiniLB.RequestPath.Accept;

/// <summary>Writes the responses of one HTTP/1.x connection.</summary>
internal sealed class Http1ResponseWriter(PipeWriter output)
{
    // Below it a copy costs less than the system call that it saves.
    private const int Long = 8 * 1024;

    private RequestHead? _request;
    private BodyFraming _framing;

    /// <summary>False once the answer under way is the connection's last.</summary>
    public bool KeepsAlive { get; private set; }

    public bool HasSentContinue { get; private set; }

    public void Begin(RequestHead request)
    {
        _request = request;
        KeepsAlive = request.KeepsAlive;
        HasSentContinue = false;
        _framing = BodyFraming.None;
    }

    public async ValueTask SendInterimAsync(ResponseHead head)
    {
        if (_request!.MinorVersion == 0)
        {
            return; // HTTP/1.0 knows none (RFC 9110 section 15.2)
        }

        HasSentContinue |= head.Status == 100;
        WriteStatusLine(head);
        WriteFields(head.Fields, withLength: false);
        output.Write("\r\n"u8);
        await FlushAsync();
    }

    public void Start(ResponseHead head, bool closes)
    {
        var hasNoBody = _request!.Method == "HEAD" || head.Status is < 200 or 204 or 304;
        _framing = hasNoBody || head.ContentLength is not null || head.Framing == BodyFraming.None
            ? BodyFraming.None
            : _request.MinorVersion == 0 ? BodyFraming.UntilClose : BodyFraming.Chunked;
        KeepsAlive &= !closes && _framing != BodyFraming.UntilClose;
        WriteStatusLine(head);
        WriteFields(head.Fields, withLength: head.Status >= 200 && head.Status != 204);
        if (!hasNoBody && head.Framing == BodyFraming.None && !head.Fields.Has(FieldId.ContentLength))
        {
            output.Write("Content-Length: 0\r\n"u8);
        }

        if (!head.Fields.Has(FieldId.Date) && head.Status >= 200)
        {
            output.Write(DateField.Line);
        }

        output.Write(_framing == BodyFraming.Chunked ? "Transfer-Encoding: chunked\r\n"u8 : default);
        WriteConnection(head);
    }

    public void Write(ReadOnlySpan<byte> data)
    {
        if (_framing != BodyFraming.Chunked)
        {
            WriteData(data);
            return;
        }

        var start = output.GetSpan(18);
        data.Length.TryFormat(start, out var digits, "x");
        "\r\n"u8.CopyTo(start[digits..]);
        output.Advance(digits + 2);
        WriteData(data);
        output.Write("\r\n"u8);
    }

    /// <returns>False where the client has gone.</returns>
    public ValueTask<bool> FlushAsync()
    {
        var flush = output.FlushAsync();
        return flush.IsCompletedSuccessfully
            ? new ValueTask<bool>(!flush.Result.IsCompleted)
            : WaitAsync(flush).AsValueTask();
    }

    public ValueTask<bool> CompleteAsync(FieldList? trailers)
    {
        if (_framing == BodyFraming.Chunked)
        {
            output.Write("0\r\n"u8);
            if (trailers is not null)
            {
                WriteFields(trailers, withLength: false);
            }

            output.Write("\r\n"u8);
        }

        return FlushAsync();
    }

    // What is long leaves at once where that saves a copy; a flush follows anyway.
    private void WriteData(ReadOnlySpan<byte> data)
    {
        if (data.Length >= Long && output is LoopWriter onLoop)
        {
            onLoop.Send(data);
        }
        else
        {
            data.CopyTo(output.GetSpan(data.Length));
            output.Advance(data.Length);
        }
    }

    private static async FrameTask<bool> WaitAsync(ValueTask<FlushResult> flush)
    {
        try
        {
            return !(await flush).IsCompleted;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return false; // what broke the sending is told to its writer
        }
    }

    private void WriteStatusLine(ResponseHead head)
    {
        var reason = head.Reason ?? ReasonPhrases.Of(head.Status);
        var line = output.GetSpan(16 + reason.Length);
        "HTTP/1.1 "u8.CopyTo(line);
        head.Status.TryFormat(line[9..], out var digits);
        line[9 + digits] = (byte)' ';
        var length = 10 + digits + Encoding.Latin1.GetBytes(reason, line[(10 + digits)..]);
        "\r\n"u8.CopyTo(line[length..]);
        output.Advance(length + 2);
    }

    private void WriteFields(FieldList fields, bool withLength)
    {
        for (var i = 0; i < fields.Count; i++)
        {
            var field = fields[i];
            if (field.Passes && (withLength || field.Id != FieldId.ContentLength))
            {
                WriteField(field.Name, field.Value);
            }
        }
    }

    private void WriteField(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var line = output.GetSpan(name.Length + value.Length + 4);
        name.CopyTo(line);
        ": "u8.CopyTo(line[name.Length..]);
        value.CopyTo(line[(name.Length + 2)..]);
        "\r\n"u8.CopyTo(line[(name.Length + 2 + value.Length)..]);
        output.Advance(name.Length + value.Length + 4);
    }

    private void WriteConnection(ResponseHead head)
    {
        if (head.Status == 101)
        {
            WriteField("Connection"u8, "Upgrade"u8);
            WriteField("Upgrade"u8, head.Fields.First(FieldId.Upgrade));
        }
        else if (!KeepsAlive)
        {
            WriteField("Connection"u8, "close"u8);
        }
        else if (_request!.MinorVersion == 0)
        {
            WriteField("Connection"u8, "keep-alive"u8);
        }

        output.Write("\r\n"u8);
    }
}
