using System.Buffers;
using System.IO.Pipelines;
using System.Security.Authentication;
using MiniLB.State;
using MiniLB.Transport.Epoll;
using MiniLB.Transport.OpenSsl;

namespace MiniLB.RequestPath.Accept.Tls;

/// <summary>TLS by OpenSSL itself, on the thread of the connection.</summary>
internal sealed class OpenSslTls : ClientTls, IDuplexPipe
{
    private readonly IDuplexPipe _transport;
    private readonly SslSession _session;
    private readonly TlsReader _reader;
    private readonly TlsWriter _writer;

    public OpenSslTls(IDuplexPipe transport, ISslContextChoice choice)
    {
        (_transport, _session) = (transport, new SslSession(choice));
        _reader = new TlsReader(transport.Input, _session);
        _writer = new TlsWriter(transport.Output, _session);
    }

    public override IDuplexPipe Pipe => this;

    public override TlsSession Session => new(_session.Version, _session.ServerName, Client: null);

    public override bool IsHttp2 => _session.IsHttp2;

    PipeReader IDuplexPipe.Input => _reader;

    PipeWriter IDuplexPipe.Output => _writer;

    /// <exception cref="AuthenticationException">The client speaks no TLS that is spoken here.</exception>
    /// <exception cref="IOException">The client has gone.</exception>
    public async Task HandshakeAsync(CancellationToken cancellationToken)
    {
        SslSession.Sending hold = bytes => _transport.Output.Write(bytes);
        while (true)
        {
            var read = await _transport.Input.ReadAsync(cancellationToken);
            var rest = read.Buffer;
            var outcome = SslOutcome.NeedsInput;
            // It takes longer than a round of small answers, which are not to wait for it.
            EventLoop.Current?.Batch.Send();
            while (!rest.IsEmpty && outcome == SslOutcome.NeedsInput)
            {
                outcome = _session.Handshake(rest.FirstSpan, out var consumed, hold);
                rest = rest.Slice(consumed);
            }

            _transport.Input.AdvanceTo(rest.Start, rest.Start);
            if (outcome == SslOutcome.Done && !rest.IsEmpty && _session.IsTls13)
            {
                // A request came along with the client's last word. All that is held is a ticket, for which nobody
                // waits: it leaves with what is said next.
                return;
            }

            _writer.Send(default);
            var flush = await _transport.Output.FlushAsync(cancellationToken);
            switch (outcome)
            {
                case SslOutcome.Done:
                    return;
                case SslOutcome.NeedsInput when read.IsCompleted || flush.IsCompleted:
                    throw new IOException("the client has gone");
                case SslOutcome.NeedsInput when read.IsCanceled:
                    throw new OperationCanceledException("the connection is to end");
                case SslOutcome.NeedsInput:
                    break;
                default:
                    throw new AuthenticationException(_session.Problem ?? "the client broke it off");
            }
        }
    }

    public override async Task EndAsync()
    {
        _session.End(_writer.Send);
        await _transport.Output.FlushAsync();
    }

    public override ValueTask DisposeAsync()
    {
        _reader.Complete();
        _writer.Complete();
        _session.Dispose();
        return default;
    }
}
