using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using MiniLB.Config.Options;
using MiniLB.Tests.Journeys.Harness;
using MiniLB.Transport;

namespace MiniLB.Tests.Transport;

public sealed class BackendTlsTests : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly TestCertificates _ours = new();
    private readonly SocketPair _pair = new();
    private readonly BackendTlsOptions _options;
    private readonly SslStream _backend;

    public BackendTlsTests()
    {
        _options = new BackendTlsOptions
        {
            Ca = new AuthoritySet(_ours.Ca, [TestCertificates.LoadPublic(_ours.Ca)], "digest"),
        };
        _backend = new SslStream(new NetworkStream(_pair.Theirs), leaveInnerStreamOpen: false);
    }

    public async ValueTask DisposeAsync()
    {
        await _backend.DisposeAsync();
        _pair.Dispose();
        _ours.Dispose();
    }

    [Fact]
    public async Task Handshakes_LeaveWhatIsMadeOnceAsItIs()
    {
        await using var tls = await SecureAsync();
        var policy = TlsMaterial.Of(_options).Policy;

        Assert.Same(policy, TlsMaterial.Of(_options).Policy);
        Assert.Empty(policy.ExtraStore);
        Assert.Single(policy.CustomTrustStore);
        Assert.True(policy.DisableCertificateDownloads);
    }

    [Fact]
    public async Task Certificate_ForAnotherName_IsAnErrorInWords()
    {
        var e = await Assert.ThrowsAsync<AuthenticationException>(() => SecureAsync(name: "b.test"));

        Assert.Equal("its certificate is for a.test; expected b.test (tls.serverName can say another)", e.Message);
    }

    [Fact]
    public async Task KeptConnection_ThatIsRetired_SaysItsEndAndIsNotReset()
    {
        using var connection = new BackendConnection(await SecureAsync(), now: 1);
        Assert.True(connection.TryKeep(since: 2));
        Assert.Same(_options, connection.Tls);

        connection.Retire();

        Assert.Equal(0, await _backend.ReadAsync(new byte[1]).AsTask().WaitAsync(Deadline));
        // What would be an end below TLS without one before is an error to SslStream's peer here: it reads on.
        Assert.Equal(0, await _pair.Theirs.ReceiveAsync(new byte[1]).WaitAsync(Deadline));
    }

    [Fact]
    public async Task EndOfBothDirections_WakesAPendingReadWithAnEnd()
    {
        using var connection = new BackendConnection(await SecureAsync(), now: 1);
        var read = connection.ReceiveAsync().AsTask();
        Assert.False(read.IsCompleted);

        connection.EndBoth();

        Assert.Equal(0, await read.WaitAsync(Deadline));
        Assert.Equal(0, await _backend.ReadAsync(new byte[1]).AsTask().WaitAsync(Deadline));
    }

    [Fact]
    public async Task EndOfOutput_LeavesTheOtherDirectionOpen()
    {
        using var connection = new BackendConnection(await SecureAsync(), now: 1);

        await connection.EndOutputAsync();
        Assert.Equal(0, await _backend.ReadAsync(new byte[1]).AsTask().WaitAsync(Deadline));
        await _backend.WriteAsync("rest"u8.ToArray());

        Assert.Equal(4, await connection.ReceiveAsync().AsTask().WaitAsync(Deadline));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task End_IsToldFromACut(bool saysEnd)
    {
        using var connection = new BackendConnection(await SecureAsync(), now: 1);
        if (saysEnd)
        {
            await _backend.ShutdownAsync();
        }

        _pair.End();

        Assert.Equal(0, await connection.ReceiveAsync().AsTask().WaitAsync(Deadline));
        Assert.Equal(!saysEnd, connection.WasCutOff);
    }

    private async Task<BackendTlsStream> SecureAsync(string name = "a.test")
    {
        var server = _backend.AuthenticateAsServerAsync(TestCertificates.Load(_ours.Server("a.test")));
        var tls = await new MiniLB.Transport.BackendTls(_options, BackendProtocol.Http11)
            .SecureAsync(new NetworkStream(_pair.Ours, ownsSocket: true), name, CancellationToken.None)
            .WaitAsync(Deadline);
        await server.WaitAsync(Deadline);
        return tls;
    }
}
