using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Connections;
using MiniLB.State;

namespace MiniLB.Tests.RequestPath.Accept;

/// <summary>A client's connection in memory: the test sends as the client does and reads what was answered.</summary>
internal sealed class TestConnection : IDuplexPipe
{
    private const int Block = 64 * 1024;

    // No threshold, so that no test waits for itself.
    private static readonly PipeOptions Options = new(pauseWriterThreshold: 0, useSynchronizationContext: false);

    private readonly Pipe _fromClient;
    private readonly Pipe _toClient;

    /// <param name="peer">The address of its other end; null for a unix socket's.</param>
    /// <param name="local">The address of ours.</param>
    /// <param name="fromClient">What the client sends; null for a pipe that holds everything.</param>
    /// <param name="toClient">The same of what it is sent.</param>
    public TestConnection(
        string? peer = null, string? local = null, PipeOptions? fromClient = null, PipeOptions? toClient = null)
    {
        (_fromClient, _toClient) = (new Pipe(fromClient ?? Options), new Pipe(toClient ?? Options));
        Context = new DefaultConnectionContext
        {
            Transport = this,
            RemoteEndPoint = peer is null ? null : IPEndPoint.Parse(peer),
            LocalEndPoint = local is null ? null : IPEndPoint.Parse(local),
        };
        Client = new ClientConnection(Context, isAdmin: false, now: 0);
    }

    public DefaultConnectionContext Context { get; }

    public ClientConnection Client { get; }

    public PipeReader Input => _fromClient.Reader;

    public PipeWriter Output => _toClient.Writer;

    public void Send(string text)
    {
        _fromClient.Writer.Write(Encoding.Latin1.GetBytes(text));
        _fromClient.Writer.FlushAsync().AsTask().Wait();
    }

    /// <summary>Sends each piece so that it lies apart from the others in memory.</summary>
    public void SendApart(IEnumerable<string> pieces)
    {
        foreach (var piece in pieces)
        {
            // More than is left of any block: each piece begins a segment of its own.
            var written = Encoding.Latin1.GetBytes(piece, _fromClient.Writer.GetSpan(Block));
            _fromClient.Writer.Advance(written);

            _fromClient.Writer.FlushAsync().AsTask().Wait();
        }
    }

    public void End(Exception? failure = null) => _fromClient.Writer.Complete(failure);

    /// <summary>The client reads no more.</summary>
    public void StopReading(Exception? failure = null) => _toClient.Reader.Complete(failure);

    /// <summary>All that was flushed and not taken yet.</summary>
    public string Answered()
    {
        if (!_toClient.Reader.TryRead(out var read))
        {
            return "";
        }

        var text = Encoding.Latin1.GetString(read.Buffer);
        _toClient.Reader.AdvanceTo(read.Buffer.End);
        return text;
    }

    /// <summary>What is left of what the client sent.</summary>
    public string Left()
    {
        if (!Input.TryRead(out var read))
        {
            return "";
        }

        var text = Encoding.Latin1.GetString(read.Buffer);
        Input.AdvanceTo(read.Buffer.Start);
        return text;
    }
}
