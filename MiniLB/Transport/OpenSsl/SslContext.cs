using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MiniLB.Transport.OpenSsl;

/// <summary>One certificate, and all by which a handshake with it goes (SSL_CTX).</summary>
internal sealed unsafe class SslContext : SafeHandle
{
    // Weak: what chooses has this context, not the other way round.
    private GCHandle _choice;

    /// <param name="leaf">With its private key.</param>
    /// <param name="chain">The certificates between it and its authority.</param>
    /// <param name="protocols">Of TLS 1.2 and 1.3, one or both.</param>
    /// <param name="http2">Whether HTTP/2 is offered.</param>
    /// <param name="choice">Asked for the context of the name that a client wants.</param>
    /// <exception cref="CryptographicException">OpenSSL does not take the certificate or its key.</exception>
    public SslContext(
        X509Certificate2 leaf, X509Certificate2Collection chain, SslProtocols protocols, bool http2,
        ISslContextChoice choice)
        : base(0, ownsHandle: true)
    {
        _choice = GCHandle.Alloc(choice, GCHandleType.Weak);
        SetHandle(OpenSslMethods.NewContext(OpenSslMethods.ServerMethod()));
        Check(!IsInvalid);
        _ = OpenSslMethods.SetOptions(handle, OpenSslMethods.OptionNoCompression
            | OpenSslMethods.OptionServerPreference | OpenSslMethods.OptionNoRenegotiation);
        Control(OpenSslMethods.ControlMode, OpenSslMethods.ModeReleaseBuffers, 0);
        // Clients keep their sessions themselves, as tickets.
        Control(OpenSslMethods.ControlSessionCacheMode, 0, 0);
        // One for each connection, as with SslStream and Go: who opens several gets several. By itself OpenSSL makes
        // two, and the second is 4 % of a handshake (docs/performance.md).
        Check(OpenSslMethods.SetTickets(handle, 1) == 1);
        Check(Control(OpenSslMethods.ControlMinProtocol,
            protocols.HasFlag(SslProtocols.Tls12) ? OpenSslMethods.Tls12 : OpenSslMethods.Tls13, 0) == 1);
        Check(Control(OpenSslMethods.ControlMaxProtocol,
            protocols.HasFlag(SslProtocols.Tls13) ? OpenSslMethods.Tls13 : OpenSslMethods.Tls12, 0) == 1);
        UseCertificates(leaf, chain);
        delegate* unmanaged[Cdecl]<nint, int*, nint, int> name = &ChooseByName;
        _ = OpenSslMethods.ControlCallback(handle, OpenSslMethods.ControlServerNameCallback, (nint)name);
        Control(OpenSslMethods.ControlServerNameArgument, 0, GCHandle.ToIntPtr(_choice));
        delegate* unmanaged[Cdecl]<nint, byte**, byte*, byte*, uint, nint, int> protocol = &ChooseProtocol;
        OpenSslMethods.SetProtocolCallback(handle, (nint)protocol, http2 ? 1 : 0);
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>Valid for as long as this is.</summary>
    public nint Pointer => handle;

    protected override bool ReleaseHandle()
    {
        OpenSslMethods.FreeContext(handle);
        _choice.Free();
        return true;
    }

    private nint Control(int command, nint number, nint pointer) =>
        OpenSslMethods.Control(handle, command, number, pointer);

    private void UseCertificates(X509Certificate2 leaf, X509Certificate2Collection chain)
    {
        var certificate = Read(leaf);
        Check(OpenSslMethods.UseCertificate(handle, certificate) == 1);
        OpenSslMethods.FreeCertificate(certificate);
        var key = ReadKey(leaf);
        Check(OpenSslMethods.UsePrivateKey(handle, key) == 1);
        OpenSslMethods.FreePrivateKey(key);
        // Who trusts a root has it.
        foreach (var other in chain.Where(c => !c.SubjectName.RawData.AsSpan().SequenceEqual(c.IssuerName.RawData)))
        {
            certificate = Read(other);
            // 1: the context takes a reference of its own.
            Check(Control(OpenSslMethods.ControlAddChain, 1, certificate) == 1);
            OpenSslMethods.FreeCertificate(certificate);
        }
    }

    private static nint Read(X509Certificate2 certificate)
    {
        fixed (byte* der = certificate.RawDataMemory.Span)
        {
            var at = der;
            var read = OpenSslMethods.ReadCertificate(0, ref at, certificate.RawDataMemory.Length);
            Check(read != 0);
            return read;
        }
    }

    private static nint ReadKey(X509Certificate2 certificate)
    {
        using AsymmetricAlgorithm key = (AsymmetricAlgorithm?)certificate.GetECDsaPrivateKey()
            ?? certificate.GetRSAPrivateKey()
            ?? throw new CryptographicException("a private key that is neither RSA nor ECDSA");
        var der = key.ExportPkcs8PrivateKey();
        try
        {
            fixed (byte* pinned = der)
            {
                var at = pinned;
                var read = OpenSslMethods.ReadPrivateKey(0, ref at, der.Length);
                Check(read != 0);
                return read;
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(der);
        }
    }

    private static void Check(bool isDone)
    {
        if (!isDone)
        {
            throw new CryptographicException(SslErrors.Take() ?? "OpenSSL does not say why");
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int ChooseByName(nint session, int* alert, nint choice)
    {
        var name = Marshal.PtrToStringUTF8(OpenSslMethods.ServerNameOf(session, 0));
        if (string.IsNullOrEmpty(name) || GCHandle.FromIntPtr(choice).Target is not ISslContextChoice owner)
        {
            return OpenSslMethods.CallbackNoAck;
        }

        _ = OpenSslMethods.SetContext(session, owner.ContextFor(name).Pointer);
        return OpenSslMethods.CallbackOk;
    }

    // The client's list: a length and so many bytes, again and again (RFC 7301 section 3.1).
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int ChooseProtocol(
        nint session, byte** chosen, byte* chosenLength, byte* offered, uint length, nint offersHttp2)
    {
        var list = new ReadOnlySpan<byte>(offered, (int)length);
        var found = -1;
        for (var at = 0; at < list.Length && at + 1 + list[at] <= list.Length; at += 1 + list[at])
        {
            var protocol = list.Slice(at + 1, list[at]);
            if (offersHttp2 != 0 && protocol.SequenceEqual("h2"u8))
            {
                found = at;
                break;
            }

            found = found < 0 && protocol.SequenceEqual("http/1.1"u8) ? at : found;
        }

        if (found < 0)
        {
            return OpenSslMethods.CallbackAlertFatal;
        }

        *chosen = offered + found + 1;
        *chosenLength = list[found];
        return OpenSslMethods.CallbackOk;
    }
}
