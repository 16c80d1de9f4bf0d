using System.Text;

namespace MiniLB.Load.Http;

/// <summary>A request as it goes over the wire, made once and sent many times.</summary>
/// <param name="Bytes">Head and body.</param>
/// <param name="BodyBytes">How many of them are the body.</param>
/// <param name="IsHead">True for HEAD: the answer has no body, whatever its length says.</param>
/// <param name="IsRepeatable">True where it does no harm to send it twice.</param>
internal sealed record HttpRequest(ReadOnlyMemory<byte> Bytes, int BodyBytes, bool IsHead, bool IsRepeatable)
{
    public static HttpRequest Of(string method, HttpTarget target, int bodyBytes = 0)
    {
        var length = method is "POST" or "PUT" ? $"Content-Length: {bodyBytes}\r\n" : "";
        var head = Encoding.ASCII.GetBytes(
            $"{method} {target.Path} HTTP/1.1\r\nHost: {target.Authority}\r\nUser-Agent: minilb-load\r\n"
            + $"Accept: */*\r\n{length}\r\n");
        var bytes = new byte[head.Length + bodyBytes];
        head.CopyTo(bytes, 0);
        bytes.AsSpan(head.Length).Fill((byte)'x');
        return new HttpRequest(bytes, bodyBytes, method == "HEAD", method is "GET" or "HEAD");
    }
}
