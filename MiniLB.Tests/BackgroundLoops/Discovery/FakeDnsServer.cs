using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MiniLB.BackgroundLoops.Discovery;

namespace MiniLB.Tests.BackgroundLoops.Discovery;

/// <summary>A DNS server on loopback that answers as a test says, over UDP and over TCP.</summary>
internal sealed class FakeDnsServer : IDisposable
{
    private readonly UdpClient _udp;
    private readonly TcpListener _tcp;
    private readonly Func<Question, IEnumerable<byte[]>> _answer;

    /// <param name="answer">What is sent for a question, one datagram after the other; none is silence.</param>
    public FakeDnsServer(Func<Question, IEnumerable<byte[]>> answer)
    {
        _answer = answer;
        (_udp, _tcp) = OnOnePort();
        _ = ServeUdpAsync();
        _ = ServeTcpAsync();
    }

    public IPEndPoint Address => (IPEndPoint)_udp.Client.LocalEndPoint!;

    public ConcurrentQueue<Question> Asked { get; } = [];

    /// <summary>Settings that ask these servers, with short times.</summary>
    public static ResolverSettings Settings(params FakeDnsServer[] servers) => new()
    {
        Servers = [.. servers.Select(s => s.Address)],
        Timeout = TimeSpan.FromMilliseconds(300),
    };

    public void Dispose()
    {
        _udp.Dispose();
        _tcp.Dispose();
    }

    // A port that is free for UDP may be taken for TCP.
    private static (UdpClient Udp, TcpListener Tcp) OnOnePort()
    {
        for (var attempt = 0; ; attempt++)
        {
            var udp = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
            var tcp = new TcpListener((IPEndPoint)udp.Client.LocalEndPoint!);
            try
            {
                tcp.Start();
                return (udp, tcp);
            }
            catch (SocketException) when (attempt < 20)
            {
                udp.Dispose();
            }
        }
    }

    private async Task ServeUdpAsync()
    {
        try
        {
            while (true)
            {
                var received = await _udp.ReceiveAsync();
                var question = Question.Parse(received.Buffer, isTcp: false);
                Asked.Enqueue(question);
                foreach (var answer in _answer(question))
                {
                    await _udp.SendAsync(answer, received.RemoteEndPoint);
                }
            }
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
            // The end of the test.
        }
    }

    private async Task ServeTcpAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _tcp.AcceptTcpClientAsync();
                var stream = client.GetStream();
                var length = new byte[2];
                await stream.ReadExactlyAsync(length);
                var bytes = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
                await stream.ReadExactlyAsync(bytes);
                var question = Question.Parse(bytes, isTcp: true);
                Asked.Enqueue(question);
                foreach (var answer in _answer(question))
                {
                    await stream.WriteAsync(new[] { (byte)(answer.Length >> 8), (byte)answer.Length });
                    await stream.WriteAsync(answer);
                }
            }
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException or IOException)
        {
            // The end of the test.
        }
    }
}

/// <summary>What a client has asked.</summary>
internal sealed record Question(ushort Id, string Name, DnsType Type, bool IsTcp, bool Extends)
{
    public static Question Parse(byte[] bytes, bool isTcp)
    {
        var name = new StringBuilder();
        var at = 12;
        for (; bytes[at] > 0; at += 1 + bytes[at])
        {
            name.Append(name.Length > 0 ? "." : "").Append(Encoding.Latin1.GetString(bytes, at + 1, bytes[at]));
        }

        return new Question(
            BinaryPrimitives.ReadUInt16BigEndian(bytes), name.ToString(), (DnsType)bytes[at + 2], isTcp, bytes[11] == 1);
    }

    /// <param name="flags">A response of a server that asks others, unless said otherwise.</param>
    public DnsMessage Answer(ushort flags = 0x8180) => new(Id, flags, Name, Type);
}
