namespace MiniLB.Transport.OpenSsl;

/// <summary>Has the contexts of a listener.</summary>
internal interface ISslContextChoice
{
    /// <param name="name">That a client asks for (SNI, RFC 6066 section 3); empty where it asks for none.</param>
    SslContext ContextFor(string name);
}
