using System.Buffers;
using System.Globalization;
using System.Text;

namespace MiniLB.RequestPath.Summarize;

/// <summary>Apache's and nginx's combined format; what else is wanted follows in quotes, as their users write
/// it.</summary>
internal sealed class CombinedAccessLogFormat : IAccessLogFormat
{
    private readonly StringBuilder _line = new();

    public void Write(in AccessLogEntry entry, IBufferWriter<byte> output)
    {
        _line.Clear();
        _line.Append(entry.Client).Append(" - - [");
        _line.Append(entry.Time.ToString("dd/MMM/yyyy:HH:mm:ss", CultureInfo.InvariantCulture)).Append(" +0000] \"");
        AppendEscaped(entry.Method);
        _line.Append(' ');
        AppendEscaped(entry.Target);
        _line.Append(' ').Append(entry.Protocol).Append("\" ").Append(entry.Status).Append(' ');
        _line.Append(entry.BytesOut).Append(" \"");
        AppendEscaped(entry.Referer ?? "-");
        _line.Append("\" \"");
        AppendEscaped(entry.UserAgent ?? "-");
        _line.Append('"');
        AppendQuoted(entry.RequestHeaders);
        AppendQuoted(entry.ResponseHeaders);
        _line.Append('\n');
        foreach (var chunk in _line.GetChunks())
        {
            Encoding.UTF8.GetBytes(chunk.Span, output);
        }
    }

    private void AppendQuoted(string?[]? values)
    {
        foreach (var value in values ?? [])
        {
            _line.Append(" \"");
            AppendEscaped(value ?? "-");
            _line.Append('"');
        }
    }

    // As nginx: what would end the field or the line is written as \xHH.
    private void AppendEscaped(string text)
    {
        foreach (var c in text)
        {
            if (c is '"' or '\\' or < ' ' or '\x7f')
            {
                _line.Append("\\x").Append(((int)c).ToString("X2", CultureInfo.InvariantCulture));
            }
            else
            {
                _line.Append(c);
            }
        }
    }
}
