using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MiniLB.Tests.BackgroundLoops.Health;

/// <summary>A backend on loopback that answers each connection once, or hangs, and counts what it was asked.</summary>
internal sealed class ProbedServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> _clients = [];
    private int _requests;
    private int _atOnce;
    private int _mostAtOnce;

    public ProbedServer()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public volatile int Status = 200;

    public volatile string Body = "";

    /// <summary>What is answered, byte for byte; null for <see cref="Status"/> and <see cref="Body"/>.</summary>
    public volatile string? Answer;

    /// <summary>True never to answer.</summary>
    public volatile bool Hangs;

    public volatile string LastRequest = "";

    public int Requests => Volatile.Read(ref _requests);

    public int MostAtOnce => Volatile.Read(ref _mostAtOnce);

    public void Dispose()
    {
        _listener.Dispose();
        lock (_clients)
        {
            _clients.ForEach(c => c.Dispose());
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                lock (_clients)
                {
                    _clients.Add(client);
                }

                _ = AnswerAsync(client);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The end of the test.
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        var atOnce = Interlocked.Increment(ref _atOnce);
        _mostAtOnce = Math.Max(_mostAtOnce, atOnce);
        try
        {
            var stream = client.GetStream();
            LastRequest = await ReadHeadAsync(stream);
            Interlocked.Increment(ref _requests);
            if (!Hangs)
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes(Answer ??
                    $"HTTP/1.1 {Status} X\r\nContent-Length: {Body.Length}\r\nConnection: close\r\n\r\n{Body}"));
                client.Dispose();
            }
            else
            {
                await stream.CopyToAsync(Stream.Null); // until the prober gives up
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The prober hung up, or the test is over.
        }
        finally
        {
            Interlocked.Decrement(ref _atOnce);
        }
    }

    private static async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        var buffer = new byte[4096];
        var length = 0;
        while (!Encoding.ASCII.GetString(buffer, 0, length).Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length));
            length += read > 0 ? read : throw new IOException("no request");
        }

        return Encoding.ASCII.GetString(buffer, 0, length);
    }
}
