using System.Buffers;
using System.Text;
using MiniLB.RequestPath.Summarize;

namespace MiniLB.Tests.RequestPath.Summarize;

/// <summary>Access log entries and the lines that become of them.</summary>
internal static class Entries
{
    public static AccessLogEntry One(string target = "/a?b=c") => new()
    {
        Time = new DateTime(2026, 2, 3, 4, 5, 6, 789, DateTimeKind.Utc),
        Client = "203.0.113.7",
        Method = "GET",
        Target = target,
        Protocol = "HTTP/1.1",
        Status = 200,
        BytesIn = 12,
        BytesOut = 3_456,
        Duration = TimeSpan.FromMicroseconds(1_500.4),
        Connect = TimeSpan.FromMilliseconds(0.25),
        FirstByte = TimeSpan.FromMilliseconds(1),
        Pool = "web",
        Backend = "http://10.0.0.1:8080",
        Attempts = [],
        Ended = "done",
        RequestId = "0123456789abcdef0123456789abcdef",
        Referer = "http://site.example/",
        UserAgent = "curl/8",
    };

    public static string Line(IAccessLogFormat format, AccessLogEntry entry)
    {
        var output = new ArrayBufferWriter<byte>();
        format.Write(entry, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
