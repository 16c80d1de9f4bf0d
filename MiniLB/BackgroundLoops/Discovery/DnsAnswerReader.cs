using System.Net;
using System.Net.Sockets;

namespace MiniLB.BackgroundLoops.Discovery;

/// <summary>Reads what came for a question, and believes nothing that was not asked for.</summary>
/// <remarks>Only the answer section counts: what a server adds beside it could be anything. Whatever comes, it reads it
/// once from the front; the number of records is bounded by the length, which is 64 KiB at most.</remarks>
internal ref struct DnsAnswerReader
{
    private const int MostAliases = 16;

    private const ushort ResponseBit = 0x8000;
    private const ushort OpcodeBits = 0x7800;
    private const ushort AuthoritativeBit = 0x0400;
    private const ushort TruncatedBit = 0x0200;
    private const ushort RecursiveBit = 0x0080;
    private const ushort CodeBits = 0x000F;
    private const int NotUnderstood = 1;
    private const int NotImplemented = 4;

    private readonly DnsQuery _query;
    private readonly Dictionary<DnsName, DnsName> _aliases = [];
    private readonly List<(DnsName Owner, IPAddress Address)> _addresses = [];
    private readonly List<(DnsName Owner, SrvRecord Service)> _services = [];
    private DnsReader _reader;
    private ushort? _questions;

    private DnsAnswerReader(ReadOnlySpan<byte> message, DnsQuery query)
    {
        _reader = new DnsReader(message);
        _query = query;
    }

    /// <param name="message">What came.</param>
    /// <param name="query">What was asked.</param>
    /// <param name="answer">What it says; for <see cref="DnsVerdict.Answer"/> alone.</param>
    public static DnsVerdict Read(ReadOnlySpan<byte> message, DnsQuery query, out DnsAnswer answer)
    {
        var reader = new DnsAnswerReader(message, query);
        answer = null!;
        if (!reader.IsOurs(out var flags, out var records))
        {
            // Who has not understood the question may leave it out.
            answer = reader._questions == 0 && (flags & CodeBits) is NotUnderstood or NotImplemented
                ? Refusal(flags & CodeBits)!
                : answer;
            return answer is null ? DnsVerdict.NotOurs : DnsVerdict.Answer;
        }

        if ((flags & TruncatedBit) != 0)
        {
            return DnsVerdict.Truncated;
        }

        answer = Refusal(flags & CodeBits) ?? reader.Answer(flags, records);
        return DnsVerdict.Answer;
    }

    // A code other than "no error" and "no such name" speaks of the server, not of the name.
    private static DnsAnswer? Refusal(int code) => code switch
    {
        0 => null,
        NotUnderstood => new DnsAnswer(DnsAnswerKind.Refused, "it does not understand the question (FORMERR)"),
        2 => new DnsAnswer(DnsAnswerKind.Refused, "it has failed (SERVFAIL)"),
        3 => new DnsAnswer(DnsAnswerKind.NoSuchName),
        5 => new DnsAnswer(DnsAnswerKind.Refused, "it refuses to answer (REFUSED)"),
        _ => new DnsAnswer(DnsAnswerKind.Refused, $"it answers with the error {code}"),
    };

    private static DnsAnswer Malformed => new(DnsAnswerKind.Refused, "its answer is malformed");

    private bool IsOurs(out ushort flags, out ushort records)
    {
        (flags, records) = (0, 0);
        return _reader.TryUInt16(out var id) && id == _query.Id
            && _reader.TryUInt16(out flags) && (flags & (ResponseBit | OpcodeBits)) == ResponseBit
            && _reader.TryUInt16(out var questions) && (_questions = questions) == 1
            && _reader.TryUInt16(out records)
            && _reader.TrySkip(2 * sizeof(ushort))
            && _reader.TryName(out var name) && name == _query.Name
            && _reader.TryUInt16(out var type) && type == (ushort)_query.Type
            && _reader.TryUInt16(out var @class) && @class == DnsQuery.InternetClass;
    }

    private DnsAnswer Answer(ushort flags, ushort records)
    {
        for (var i = 0; i < records; i++)
        {
            if (!TryRecord())
            {
                return Malformed;
            }
        }

        var owner = _query.Name;
        for (var aliases = 0; _aliases.TryGetValue(owner, out var next); owner = next)
        {
            if (++aliases > MostAliases)
            {
                return new DnsAnswer(DnsAnswerKind.Refused, "its aliases have no end");
            }
        }

        IPAddress[] addresses = [.. _addresses.Where(a => a.Owner == owner).Select(a => a.Address)];
        SrvRecord[] services = [.. _services.Where(s => s.Owner == owner).Select(s => s.Service)];
        if (addresses.Length + services.Length > 0)
        {
            return new DnsAnswer(DnsAnswerKind.Found) { Addresses = addresses, Services = services };
        }

        // Who neither owns the name nor asks others does not know (a "lame" server): that it has nothing says nothing.
        return (flags & (AuthoritativeBit | RecursiveBit)) == 0
            ? new DnsAnswer(DnsAnswerKind.Refused, "it knows nothing of the name and asks nobody")
            : new DnsAnswer(DnsAnswerKind.Empty);
    }

    private bool TryRecord()
    {
        const int timeToLive = 4;
        if (!_reader.TryName(out var owner) || !_reader.TryUInt16(out var type) || !_reader.TryUInt16(out var @class)
            || !_reader.TrySkip(timeToLive) || !_reader.TryUInt16(out var length))
        {
            return false;
        }

        if (@class != DnsQuery.InternetClass || (type != (ushort)_query.Type && type != (ushort)DnsType.Cname))
        {
            return _reader.TrySkip(length);
        }

        var end = _reader.At + length;
        return (DnsType)type switch
        {
            DnsType.Cname => TryAlias(owner),
            DnsType.Srv => TryService(owner),
            DnsType.A => TryAddress(owner, length, AddressFamily.InterNetwork),
            _ => TryAddress(owner, length, AddressFamily.InterNetworkV6),
        } && _reader.At == end;
    }

    private bool TryAlias(DnsName owner)
    {
        if (!_reader.TryName(out var target))
        {
            return false;
        }

        _aliases[owner] = target;
        return true;
    }

    private bool TryAddress(DnsName owner, int length, AddressFamily family)
    {
        const int bytesOf4 = 4;
        const int bytesOf6 = 16;
        if (length != (family == AddressFamily.InterNetwork ? bytesOf4 : bytesOf6)
            || !_reader.TryBytes(length, out var bytes))
        {
            return false;
        }

        _addresses.Add((owner, new IPAddress(bytes)));
        return true;
    }

    private bool TryService(DnsName owner)
    {
        if (!_reader.TryUInt16(out var priority) || !_reader.TryUInt16(out var weight)
            || !_reader.TryUInt16(out var port) || !_reader.TryName(out var target))
        {
            return false;
        }

        _services.Add((owner, new SrvRecord(priority, weight, port, target)));
        return true;
    }
}

/// <summary>What a message is to a question.</summary>
internal enum DnsVerdict
{
    /// <summary>It belongs to another question, or to none: the wait goes on.</summary>
    NotOurs,

    /// <summary>The answer is longer than what came, and has to be asked for over TCP.</summary>
    Truncated,

    Answer,
}
