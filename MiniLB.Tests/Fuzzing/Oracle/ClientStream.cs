using MiniLB.Tests.Fuzzing.Strict;

namespace MiniLB.Tests.Fuzzing.Oracle;

/// <summary>Reads the bytes that a client receives as the answers to its messages, strictly.</summary>
internal sealed class ClientStream(LiveCase live)
{
    private readonly List<ClientAnswer> _answers = [];
    private List<StrictMessage> _interims = [];
    private byte[] _bytes = new byte[8 * 1024];
    private int _length;
    private int _position;

    public IReadOnlyList<ClientAnswer> Answers => _answers;

    public StreamEnd Ended { get; private set; }

    public int Length => _length;

    /// <summary>Where a tunnel begins in the received bytes; -1 while there is none.</summary>
    public int TunnelStart { get; private set; } = -1;

    public ReadOnlySpan<byte> Received => _bytes.AsSpan(0, _length);

    public ReadOnlySpan<byte> Rest => _bytes.AsSpan(_position, _length - _position);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_length + bytes.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + bytes.Length));
        }

        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
        Read(StreamEnd.Open);
    }

    /// <summary>Reads what is left when nothing more comes.</summary>
    public void End(StreamEnd ended)
    {
        Ended = ended;
        Read(ended);
        if (TunnelStart < 0 && (_position < _length || _interims.Count > 0))
        {
            _answers.Add(new ClientAnswer(_interims, Next(ended)));
        }
    }

    private void Read(StreamEnd ended)
    {
        while (TunnelStart < 0 && _position < _length)
        {
            var message = Next(ended);
            if (message.Reading != Reading.Whole)
            {
                return;
            }

            _position = message.End;
            if (message.Status < 200 && message.Status != 101)
            {
                _interims.Add(message);
                continue;
            }

            TunnelStart = message.Status == 101 ? _position : -1;
            _answers.Add(new ClientAnswer(_interims, message));
            _interims = [];
        }
    }

    private StrictMessage Next(StreamEnd ended)
    {
        var request = _answers.Count < live.Messages.Count ? live.Messages[_answers.Count] : null;
        var answer = StrictResponseParser.Read(Received, _position, request, ended, StrictLimits.None);

        // Of a head that cannot be read nobody knows whether it was a HEAD, to which no body belongs.
        return request is { Method: "HEAD", Reading: Reading.BadHead } && answer.End < _length
            ? StrictResponseParser.Read(Received, _position, null, ended, StrictLimits.None)
            : answer;
    }
}
