using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MiniLB.Transport.OpenSsl;

/// <summary>Where OpenSSL reads what has come and writes what is to be sent: memory of the thread that calls it, so
/// that a connection has none of its own.</summary>
internal static unsafe class SslBio
{
    // OpenSSL reads a record in two steps, and writes one in one.
    private static readonly nint Method = NewMethod();

    [ThreadStatic]
    private static byte* _input;

    [ThreadStatic]
    private static int _inputLength;

    [ThreadStatic]
    private static byte[]? _output;

    [ThreadStatic]
    private static int _outputLength;

    /// <summary>What OpenSSL has written since <see cref="Begin"/>.</summary>
    public static ReadOnlySpan<byte> Output => _output.AsSpan(0, _outputLength);

    /// <summary>Bytes of the input that OpenSSL has not read.</summary>
    public static int InputLeft => _inputLength;

    public static nint New()
    {
        var bio = OpenSslMethods.NewBio(Method);
        OpenSslMethods.SetBioReady(bio, 1);
        return bio;
    }

    /// <param name="input">Fixed in memory until <see cref="End"/>.</param>
    /// <param name="length">Bytes.</param>
    public static void Begin(byte* input, int length)
    {
        _input = input;
        (_inputLength, _outputLength) = (length, 0);
        // What is in the queue would be taken for the outcome of the call that follows (SSL_get_error(3)).
        OpenSslMethods.ClearErrors();
    }

    public static void End()
    {
        _input = null;
        (_inputLength, _outputLength) = (0, 0);
    }

    private static nint NewMethod()
    {
        var method = OpenSslMethods.NewBioMethod(OpenSslMethods.BioTypeSourceSink, "minilb");
        delegate* unmanaged[Cdecl]<nint, byte*, int, int> read = &Read;
        delegate* unmanaged[Cdecl]<nint, byte*, int, int> write = &Write;
        delegate* unmanaged[Cdecl]<nint, int, nint, nint, nint> control = &Control;
        _ = OpenSslMethods.SetBioRead(method, (nint)read);
        _ = OpenSslMethods.SetBioWrite(method, (nint)write);
        _ = OpenSslMethods.SetBioControl(method, (nint)control);
        return method;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Read(nint bio, byte* into, int most)
    {
        OpenSslMethods.ClearBioFlags(bio, OpenSslMethods.BioFlagsRetryRead);
        var count = Math.Min(most, _inputLength);
        if (count <= 0)
        {
            OpenSslMethods.SetBioFlags(bio, OpenSslMethods.BioFlagsRetryRead);
            return -1;
        }

        new ReadOnlySpan<byte>(_input, count).CopyTo(new Span<byte>(into, count));
        _input += count;
        _inputLength -= count;
        return count;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(nint bio, byte* from, int count)
    {
        if (_output is null || _output.Length - _outputLength < count)
        {
            Array.Resize(ref _output, Math.Max(32 * 1024, (_outputLength + count) * 2));
        }

        new ReadOnlySpan<byte>(from, count).CopyTo(_output.AsSpan(_outputLength));
        _outputLength += count;
        return count;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Control(nint bio, int command, nint number, nint pointer) =>
        command == OpenSslMethods.BioControlFlush ? 1 : 0;
}
