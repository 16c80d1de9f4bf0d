using MiniLB.Config;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Config;

public sealed class SystemAuthoritiesTests : IDisposable
{
    private readonly TestCertificates _ours = new();
    private readonly TestCertificates _others = new("another one");
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _ours.Dispose();
        _others.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void FirstUsualFileThatIsThere_IsTaken()
    {
        var found = Search(null, null, [_folder.File("none.pem"), _ours.Ca, _others.Ca], []);

        Assert.Null(found.Problem);
        Assert.Equal([_ours.Ca], found.Files);
        Assert.Equal(_ours.Ca, found.Authorities!.Path);
        Assert.True(found.Authorities.IsSystem);
        Assert.Single(found.Authorities.Certificates);
    }

    [Fact]
    public void FileOfTheVariable_IsTakenInsteadOfTheUsualOnes() =>
        Assert.Equal(_others.Ca, Search(_others.Ca, null, [_ours.Ca], []).Authorities!.Path);

    [Theory]
    [InlineData("none.pem")]
    [InlineData("empty.pem")]
    [InlineData("text.pem")]
    public void FileOfTheVariable_ThatHasNone_IsAProblemThatNamesBoth(string name)
    {
        _folder.Write("empty.pem", "");
        _folder.Write("text.pem", "-----BEGIN CERTIFICATE-----\nbm90aGluZw==\n-----END CERTIFICATE-----\n");

        var found = Search(_folder.File(name), null, [_ours.Ca], []);

        Assert.Null(found.Authorities);
        Assert.Equal(
            $"no certificate of an authority can be read from '{_folder.File(name)}', which SSL_CERT_FILE names",
            found.Problem);
        Assert.Equal([_folder.File(name)], found.Files);
    }

    [Fact]
    public void FolderOfTheVariable_GivesEachCertificateOnce_AndPassesOverWhatIsNone()
    {
        File.Copy(_ours.Ca, _folder.File("a.pem"));
        File.CreateSymbolicLink(_folder.File("0a1b2c3d.0"), _folder.File("a.pem"));
        File.Copy(_others.Ca, _folder.File("b.pem"));
        _folder.Write("README", "nothing");

        var found = Search(null, $"/no/such/folder:{_folder.Path}", [_ours.Ca], []);

        Assert.Equal(2, found.Authorities!.Certificates.Count);
        Assert.Equal([_folder.Path], found.Files);
    }

    [Fact]
    public void UsualFolder_IsTakenWhereThereIsNoFile()
    {
        File.Copy(_ours.Ca, _folder.File("a.pem"));

        Assert.Equal(_folder.Path, Search(null, null, [], [_folder.Path]).Authorities!.Path);
    }

    [Fact]
    public void NoneAnywhere_SaysWhatToMountAndWhatToSet()
    {
        var found = Search(null, null, [_folder.File("none.pem")], [_folder.File("none")]);

        Assert.Null(found.Authorities);
        Assert.Equal([_folder.File("none.pem")], found.Files);
        Assert.Contains(
            "(-v /etc/ssl/certs/ca-certificates.crt:/etc/ssl/certs/ca-certificates.crt:ro)", found.Problem,
            StringComparison.Ordinal);
    }

    [Fact]
    public void SameContent_IsEqual_AndOtherContentIsNot()
    {
        var path = _folder.File("bundle.pem");
        File.Copy(_ours.Ca, path);
        var (a, b) = (Search(path, null, [], []).Authorities, Search(path, null, [], []).Authorities);
        File.Copy(_others.Ca, path, overwrite: true);

        Assert.Equal(a, b);
        Assert.NotEqual(a, Search(path, null, [], []).Authorities);
    }

    private static SystemAuthoritiesFound Search(string? file, string? folder, string[] files, string[] folders) =>
        new SystemAuthorities(name => name switch
        {
            SystemAuthorities.FileVariable => file,
            SystemAuthorities.FolderVariable => folder,
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
        })
        {
            Files = files,
            Folders = folders,
        }.Read();
}
