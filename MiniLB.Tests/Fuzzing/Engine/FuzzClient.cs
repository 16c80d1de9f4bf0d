using System.Net;
using System.Net.Sockets;
using MiniLB.Tests.Fuzzing.Oracle;
using MiniLB.Tests.Fuzzing.Scripts;
using MiniLB.Tests.Fuzzing.Strict;

namespace MiniLB.Tests.Fuzzing.Engine;

/// <summary>Runs the client's side of one case over a connection of its own and judges what came back.</summary>
internal sealed class FuzzClient(LiveCase live, IPEndPoint balancer) : IDisposable
{
    // For an answer that need not come, such as to a head of which the end is missing.
    private const int PatienceMs = 20;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true,
    };

    private readonly CancellationTokenSource _deadline = new(Deadline);
    private readonly ClientStream _stream = new(live);
    private readonly byte[] _buffer = new byte[16 * 1024];
    private bool _ended;
    private bool _sendFailed;
    private bool _leaves;

    /// <summary>Requests that must be answered: all but a last one that is not all there.</summary>
    private int Answerable => live.Messages.Count - (live.LastIsOpen ? 1 : 0);

    public void Dispose()
    {
        _socket.Dispose();
        _deadline.Dispose();
    }

    public async Task RunAsync()
    {
        var timedOut = false;
        try
        {
            _socket.Bind(new IPEndPoint(live.Client, 0));
            await _socket.ConnectAsync(balancer, _deadline.Token);
            foreach (var step in live.Script.Client)
            {
                await DoAsync(step);
            }

            await ReadToEndAsync();
        }
        catch (OperationCanceledException)
        {
            timedOut = true;
        }

        ClientRules.Judge(live, new Transcript(_stream, timedOut, _leaves, live.Bytes));
    }

    private async Task DoAsync(Step step)
    {
        switch (step.Kind)
        {
            case StepKind.Send:
                await SendAsync(step.Bytes);
                break;
            case StepKind.Pause:
                await Task.Delay(step.Count);
                break;
            case StepKind.Await:
                while (_stream.Answers.Count < step.Count && await ReceiveAsync())
                {
                }

                break;
            case StepKind.AwaitAny:
                await WaitForAnyAsync(step.Count);
                break;
            case StepKind.Close:
                _leaves |= _stream.Answers.Count < Answerable && live.TunnelStart < 0;
                Shutdown();
                break;
            case StepKind.Reset:
                _leaves = true;
                _socket.LingerState = new LingerOption(true, 0);
                _socket.Close();
                End(StreamEnd.Reset);
                break;
            case StepKind.Stall:
            default:
                break;
        }
    }

    private async Task ReadToEndAsync()
    {
        if (live.Script.Client.Count == 0 || live.Script.Client[^1].Kind != StepKind.Stall)
        {
            while (_stream.Answers.Count < Answerable && await ReceiveAsync())
            {
            }

            if (_stream.Answers.Count < live.Messages.Count)
            {
                await WaitForAnyAsync(PatienceMs);
            }

            Shutdown();
        }

        while (await ReceiveAsync())
        {
        }
    }

    private async Task WaitForAnyAsync(int milliseconds)
    {
        for (var i = 0; i < milliseconds && !_ended && _socket.Available == 0; i++)
        {
            await Task.Delay(1);
        }
    }

    private async Task SendAsync(byte[] bytes)
    {
        if (_ended || _sendFailed)
        {
            return;
        }

        try
        {
            for (var sent = 0; sent < bytes.Length;)
            {
                sent += await _socket.SendAsync(bytes.AsMemory(sent), SocketFlags.None, _deadline.Token);
            }
        }
        catch (SocketException)
        {
            // The balancer has refused the rest; the answer is still to be read.
            _sendFailed = true;
        }
    }

    private async Task<bool> ReceiveAsync()
    {
        if (_ended)
        {
            return false;
        }

        try
        {
            var count = await _socket.ReceiveAsync(_buffer, SocketFlags.None, _deadline.Token);
            if (count > 0)
            {
                _stream.Append(_buffer.AsSpan(0, count));
                return true;
            }

            // A reset that a write has met already shows as a plain end.
            End(_sendFailed ? StreamEnd.Reset : StreamEnd.Closed);
        }
        catch (SocketException)
        {
            End(StreamEnd.Reset);
        }

        return false;
    }

    private void Shutdown()
    {
        try
        {
            if (!_ended)
            {
                _socket.Shutdown(SocketShutdown.Send);
            }
        }
        catch (SocketException)
        {
            _sendFailed = true;
        }
    }

    private void End(StreamEnd ended)
    {
        if (!_ended)
        {
            _ended = true;
            _stream.End(ended);
        }
    }
}
