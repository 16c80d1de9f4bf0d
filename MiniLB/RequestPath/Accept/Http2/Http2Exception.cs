using MiniLB.Wire.Http2;

namespace MiniLB.RequestPath.Accept.Http2;

/// <summary>What a client did that ends its connection (RFC 9113 section 5.4.1).</summary>
internal sealed class Http2Exception(ErrorCode code, string what) : Exception(what)
{
    public ErrorCode Code => code;

    public static void ThrowUnless(bool isSound, ErrorCode code, string what)
    {
        if (!isSound)
        {
            throw new Http2Exception(code, what);
        }
    }
}
