using System.Net.Sockets;
using System.Text;
using MiniLB.Tests.Fuzzing.Oracle;
using MiniLB.Tests.Fuzzing.Scripts;
using MiniLB.Tests.Fuzzing.Strict;

namespace MiniLB.Tests.Fuzzing.Engine;

/// <summary>One connection from the balancer: reads requests strictly, finds whose they are, and answers by the
/// script.</summary>
internal sealed class FuzzBackendConnection(Socket socket, LiveCases cases, Findings findings) : IDisposable
{
    private byte[] _bytes = new byte[8 * 1024];
    private int _length;
    private StrictMessage _request = new(0);
    private LiveCase? _live;
    private string? _spoiltBy;
    private bool _answers;
    private bool _ended;

    public void Dispose() => socket.Dispose();

    public async Task ServeAsync()
    {
        while (await ReadHeadAsync())
        {
            if (_spoiltBy is not null)
            {
                Report("connection used again that ought not to be", $"after {_spoiltBy}: {Preview()}");
                return;
            }

            if (!TryFindCase(out var index))
            {
                return;
            }

            if (!await AnswerAsync(_live!.Script.AnswerFor(index), _live.Plans[index], _live.Messages[index]))
            {
                return;
            }

            Take(_request.End);
        }
    }

    /// <summary>Reads until a head is there; false where there is none.</summary>
    private async Task<bool> ReadHeadAsync()
    {
        (_live, _answers) = (null, false);
        do
        {
            _request = StrictRequestParser.Read(_bytes.AsSpan(0, _length), 0, StrictLimits.None);
            if (_request.Reading == Reading.BadHead)
            {
                Report("malformed request at a backend", $"{_request.Fault}: {Preview()}");
                return false;
            }

            if (_request.Reading != Reading.NeedsHead)
            {
                return true;
            }
        }
        while (await ReceiveAsync());

        return false;
    }

    private bool TryFindCase(out int index)
    {
        index = -1;
        var addresses = _request.Values("X-Forwarded-For").ToArray();
        if (addresses.Length != 1 || !cases.TryFind(addresses[0], out _live))
        {
            Report("request of no client", Preview());
            return false;
        }

        if (!_request.Values("Via").Any() || _request.Values("X-Request-Id").Count() != 1)
        {
            Report("request without the balancer's own fields", Preview());
        }

        index = _live.Arrive(_request).Index;
        if (index < 0)
        {
            var (why, detail) = _live.WhyUnknown();
            Report(why, $"{detail}: {Preview()}");
            return false;
        }

        if (_live.JudgeRepeat(index) is { } fault)
        {
            Report(fault, Preview());
        }

        var sent = _live.Messages[index];
        foreach (var finding in ArrivalRules.JudgeHead(sent, _request, index == _live.Messages.Count - 1))
        {
            Report(finding.Kind, finding.Detail);
        }

        return true;
    }

    /// <summary>Acts a script; true where the connection goes on.</summary>
    private async Task<bool> AnswerAsync(IReadOnlyList<Step> steps, PlannedAnswer plan, StrictMessage sent)
    {
        var sentBytes = 0;
        foreach (var step in steps)
        {
            switch (step.Kind)
            {
                case StepKind.ReadBody:
                    await ReadBodyAsync(sent);
                    break;
                case StepKind.Send:
                    JudgeSilence();
                    await SendAsync(step.Bytes.AsMemory(0, plan.MaySend(sentBytes, step.Bytes.Length)));
                    sentBytes += step.Bytes.Length;
                    break;
                case StepKind.Pause:
                    await Task.Delay(step.Count);
                    break;
                case StepKind.Reset:
                    socket.LingerState = new LingerOption(true, 0);
                    return false;
                case StepKind.Close:
                    return await CloseAsync(sent);
                default:
                    break;
            }
        }

        _spoiltBy = plan.SpoilsConnection ? $"{_live!.Script.Name} {plan.Final.Status} {plan.Final.Fault}" : null;
        if (plan.Final.Status == 101)
        {
            return await ServeTunnelAsync();
        }

        await ReadBodyAsync(sent);
        return _request.Reading == Reading.Whole;
    }

    private async Task ReadBodyAsync(StrictMessage sent)
    {
        while (_request.Reading == Reading.NeedsBody && await ReceiveAsync())
        {
            _request = StrictRequestParser.Read(_bytes.AsSpan(0, _length), 0, StrictLimits.None);
        }

        if (_request.IsBad)
        {
            Report("malformed request body at a backend", _request.Fault);
        }

        foreach (var (kind, detail) in ArrivalRules.JudgeBody(sent, _request))
        {
            Report(kind, detail);
        }
    }

    /// <summary>Nothing may come between the end of a request and the beginning of its answer.</summary>
    private void JudgeSilence()
    {
        var isFirst = !_answers;
        _answers = true;
        if (isFirst && _request.Reading == Reading.Whole && _live is { TunnelStart: < 0 }
            && (_length > _request.End || socket.Available > 0))
        {
            Report("bytes after a request", $"{_length - _request.End} + {socket.Available}");
        }
    }

    private async Task<bool> CloseAsync(StrictMessage sent)
    {
        socket.Shutdown(SocketShutdown.Send);
        await ReadBodyAsync(sent);
        return false;
    }

    private async Task<bool> ServeTunnelAsync()
    {
        while (await ReceiveAsync())
        {
        }

        if (_live is { TunnelStart: >= 0 } live)
        {
            var wanted = live.Bytes.AsSpan(live.TunnelStart);
            var got = _bytes.AsSpan(_request.End, _length - _request.End);
            var isWhole = got.Length == wanted.Length
                || live.Script.Client.Any(s => s.Kind == StepKind.Reset) || !wanted.StartsWith(got);
            if (!wanted.StartsWith(got) || !isWhole)
            {
                Report("tunnel changed towards the backend", $"{got.Length} of {wanted.Length} bytes");
            }
        }

        return false;
    }

    private async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None)..];
        }
    }

    private async Task<bool> ReceiveAsync()
    {
        if (_ended)
        {
            return false;
        }

        if (_length == _bytes.Length)
        {
            Array.Resize(ref _bytes, _bytes.Length * 2);
        }

        var count = await socket.ReceiveAsync(_bytes.AsMemory(_length), SocketFlags.None);
        _length += count;
        _ended = count == 0;
        return count > 0;
    }

    private void Take(int count)
    {
        _bytes.AsSpan(count, _length - count).CopyTo(_bytes);
        _length -= count;
        _ = _bytes.Length > 256 * 1024 && _length == 0 ? _bytes = new byte[8 * 1024] : _bytes;
    }

    private string Preview() =>
        string.Concat(Escaped.Pieces(_bytes.AsSpan(0, Math.Min(_length, 600))));

    private void Report(string kind, string detail) => findings.Add(kind, detail, (_live ?? Guess())?.Script);

    /// <summary>Whose a request is that cannot be read.</summary>
    private LiveCase? Guess()
    {
        var text = Encoding.Latin1.GetString(_bytes, 0, _length);
        var address = text.Split("X-Forwarded-For: ").ElementAtOrDefault(1)?.Split('\r')[0];
        return cases.TryFind(address ?? "", out var live) ? live : null;
    }
}
