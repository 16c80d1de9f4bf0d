using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MiniLB.Transport.OpenSsl;

/// <summary>The functions of OpenSSL 3 that serve TLS, by their own names and with their own numbers (openssl/ssl.h,
/// openssl/tls1.h, openssl/bio.h).</summary>
internal static unsafe partial class OpenSslMethods
{
    public const int ErrorWantRead = 2;
    public const int ErrorZeroReturn = 6;

    public const int ControlMode = 33;
    public const int ControlSessionCacheMode = 44;
    public const int ControlServerNameCallback = 53;
    public const int ControlServerNameArgument = 54;
    public const int ControlAddChain = 89;
    public const int ControlMinProtocol = 123;
    public const int ControlMaxProtocol = 124;

    /// <summary>Buffers of a connection that waits are given back.</summary>
    public const int ModeReleaseBuffers = 0x10;

    public const ulong OptionNoCompression = 1ul << 17;
    public const ulong OptionServerPreference = 1ul << 22;
    public const ulong OptionNoRenegotiation = 1ul << 30;

    public const int Tls12 = 0x0303;
    public const int Tls13 = 0x0304;

    public const int CallbackOk = 0;
    public const int CallbackAlertFatal = 2;
    public const int CallbackNoAck = 3;

    public const int BioTypeSourceSink = 0x0400;
    public const int BioFlagsRetryRead = 0x01 | 0x08;
    public const int BioControlFlush = 11;

    private const string Ssl = "libssl.so.3";
    private const string Crypto = "libcrypto.so.3";

    /// <summary>True where they can be called: they are in the native file, elsewhere the system may have
    /// them.</summary>
    public static readonly bool AreThere = !RuntimeFeature.IsDynamicCodeSupported || NativeLibrary.TryLoad(Ssl, out _);

    [LibraryImport(Ssl, EntryPoint = "TLS_server_method")]
    public static partial nint ServerMethod();

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_new")]
    public static partial nint NewContext(nint method);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_free")]
    public static partial void FreeContext(nint context);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_set_num_tickets")]
    public static partial int SetTickets(nint context, nuint count);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_set_options")]
    public static partial ulong SetOptions(nint context, ulong options);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_ctrl")]
    public static partial nint Control(nint context, int command, nint number, nint pointer);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_callback_ctrl")]
    public static partial nint ControlCallback(nint context, int command, nint function);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_set_alpn_select_cb")]
    public static partial void SetProtocolCallback(nint context, nint function, nint argument);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_use_certificate")]
    public static partial int UseCertificate(nint context, nint certificate);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_use_PrivateKey")]
    public static partial int UsePrivateKey(nint context, nint key);

    [LibraryImport(Ssl, EntryPoint = "SSL_new")]
    public static partial nint NewSession(nint context);

    [LibraryImport(Ssl, EntryPoint = "SSL_free")]
    public static partial void FreeSession(nint session);

    [LibraryImport(Ssl, EntryPoint = "SSL_set_accept_state")]
    public static partial void SetServer(nint session);

    [LibraryImport(Ssl, EntryPoint = "SSL_set_bio")]
    public static partial void SetBio(nint session, nint read, nint write);

    [LibraryImport(Ssl, EntryPoint = "SSL_set_SSL_CTX")]
    public static partial nint SetContext(nint session, nint context);

    [LibraryImport(Ssl, EntryPoint = "SSL_do_handshake")]
    public static partial int Handshake(nint session);

    [LibraryImport(Ssl, EntryPoint = "SSL_read")]
    public static partial int Read(nint session, byte* into, int most);

    [LibraryImport(Ssl, EntryPoint = "SSL_write")]
    public static partial int Write(nint session, byte* from, int count);

    [LibraryImport(Ssl, EntryPoint = "SSL_shutdown")]
    public static partial int Shutdown(nint session);

    [LibraryImport(Ssl, EntryPoint = "SSL_get_error")]
    public static partial int ErrorOf(nint session, int result);

    [LibraryImport(Ssl, EntryPoint = "SSL_version")]
    public static partial int VersionOf(nint session);

    [LibraryImport(Ssl, EntryPoint = "SSL_get_servername")]
    public static partial nint ServerNameOf(nint session, int type);

    [LibraryImport(Ssl, EntryPoint = "SSL_get0_alpn_selected")]
    public static partial void SelectedProtocol(nint session, out byte* protocol, out uint length);

    [LibraryImport(Crypto, EntryPoint = "d2i_X509")]
    public static partial nint ReadCertificate(nint into, ref byte* der, nint length);

    [LibraryImport(Crypto, EntryPoint = "X509_free")]
    public static partial void FreeCertificate(nint certificate);

    [LibraryImport(Crypto, EntryPoint = "d2i_AutoPrivateKey")]
    public static partial nint ReadPrivateKey(nint into, ref byte* der, nint length);

    [LibraryImport(Crypto, EntryPoint = "EVP_PKEY_free")]
    public static partial void FreePrivateKey(nint key);

    [LibraryImport(Crypto, EntryPoint = "BIO_meth_new", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint NewBioMethod(int type, string name);

    [LibraryImport(Crypto, EntryPoint = "BIO_meth_set_read")]
    public static partial int SetBioRead(nint method, nint function);

    [LibraryImport(Crypto, EntryPoint = "BIO_meth_set_write")]
    public static partial int SetBioWrite(nint method, nint function);

    [LibraryImport(Crypto, EntryPoint = "BIO_meth_set_ctrl")]
    public static partial int SetBioControl(nint method, nint function);

    [LibraryImport(Crypto, EntryPoint = "BIO_new")]
    public static partial nint NewBio(nint method);

    [LibraryImport(Crypto, EntryPoint = "BIO_set_init")]
    public static partial void SetBioReady(nint bio, int isReady);

    [LibraryImport(Crypto, EntryPoint = "BIO_set_flags")]
    [SuppressGCTransition]
    public static partial void SetBioFlags(nint bio, int flags);

    [LibraryImport(Crypto, EntryPoint = "BIO_clear_flags")]
    [SuppressGCTransition]
    public static partial void ClearBioFlags(nint bio, int flags);

    [LibraryImport(Crypto, EntryPoint = "ERR_clear_error")]
    public static partial void ClearErrors();

    [LibraryImport(Crypto, EntryPoint = "ERR_get_error")]
    public static partial nuint NextError();

    [LibraryImport(Crypto, EntryPoint = "ERR_error_string_n")]
    public static partial void TextOf(nuint error, byte* into, nuint most);
}
