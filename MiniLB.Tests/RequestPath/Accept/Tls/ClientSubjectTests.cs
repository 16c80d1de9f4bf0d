using System.Security.Cryptography.X509Certificates;
using MiniLB.RequestPath.Accept.Tls;

namespace MiniLB.Tests.RequestPath.Accept.Tls;

public sealed class ClientSubjectTests
{
    [Theory]
    [InlineData("CN=client", "CN=client")]
    [InlineData("CN=client, O=Example Ltd, C=DE", "CN=client, O=Example Ltd, C=DE")]
    [InlineData("CN=J\u00fcrgen", "CN=J\\C3\\BCrgen")]
    public void Name_IsPrintableAscii(string name, string text) =>
        Assert.Equal(text, ClientSubject.Text(new X500DistinguishedName(name)));

    [Theory]
    [InlineData("a\r\nX-Admin: 1", "a\\0D\\0AX-Admin: 1")]
    [InlineData("a\0b", "a\\00b")]
    [InlineData("a\u007f", "a\\7F")]
    public void Character_ThatCouldEndTheField_IsEscaped(string text, string printable) =>
        Assert.Equal(printable, ClientSubject.Printable(text));
}
