using System.Net;
using MiniLB.BackgroundLoops.Discovery;

namespace MiniLB.Tests.BackgroundLoops.Discovery;

/// <summary>Of what comes for a question, the answer is believed and nothing else; and whatever comes, reading it
/// ends.</summary>
public sealed class DnsAnswerReaderTests
{
    private static readonly DnsQuery A = Query("api.internal", DnsType.A);
    private static readonly DnsQuery Srv = Query("_http._tcp.api.internal", DnsType.Srv);

    [Fact]
    public void Addresses_OfTheName_AreFound()
    {
        var answer = Read(A, new DnsMessage(A).Address("10.0.0.1").Address("10.0.0.2").Bytes);

        Assert.Equal(DnsAnswerKind.Found, answer.Kind);
        Assert.Equal(["10.0.0.1", "10.0.0.2"], answer.Addresses.Select(a => a.ToString()));
    }

    [Fact]
    public void Services_AreFound_WithTheirNumbers()
    {
        var answer = Read(Srv, new DnsMessage(Srv).Service(1, 2, 8080, "a.internal").Service(0, 0, 0, ".").Bytes);

        Assert.Equal([(1, 2, 8080, "a.internal"), (0, 0, 0, null)],
            answer.Services.Select(s => ((int)s.Priority, (int)s.Weight, (int)s.Port, s.Target.Text)));
        Assert.True(answer.Services[1].Target.IsRoot);
    }

    [Fact]
    public void Aliases_AreFollowed_InAnyOrderAndCase()
    {
        var answer = Read(A, new DnsMessage(A)
            .Address("10.0.0.9", "C.Internal").Alias("b.internal", "c.internal").Alias("API.internal", "B.internal")
            .Bytes);

        Assert.Equal(["10.0.0.9"], answer.Addresses.Select(a => a.ToString()));
    }

    [Fact]
    public void RecordsOfOtherNames_AreNotBelieved() => Assert.Equal(
        DnsAnswerKind.Empty, Read(A, new DnsMessage(A).Address("10.6.6.6", "evil.internal").Bytes).Kind);

    [Fact]
    public void RecordsOfOtherTypesAndClasses_ArePassedOver()
    {
        var message = new DnsMessage(A).Record(null, (DnsType)16, [3, 1, 2, 3]).Address("10.0.0.1");
        message.Count().Raw(0xC0, 12).UInt16(1).UInt16(3).UInt16(0).UInt16(0).UInt16(4).Raw(6, 6, 6, 6);

        Assert.Equal(["10.0.0.1"], Read(A, message.Bytes).Addresses.Select(a => a.ToString()));
    }

    [Fact]
    public void OtherIdsQuestionsAndQueries_BelongToSomebodyElse()
    {
        Assert.All<byte[]>(
            [
                new DnsMessage((ushort)(A.Id + 1), 0x8180, "api.internal", DnsType.A).Address("6.6.6.6").Bytes,
                new DnsMessage(A.Id, 0x8180, "api.internet", DnsType.A).Address("6.6.6.6").Bytes,
                new DnsMessage(A.Id, 0x8180, "api.internal", DnsType.Aaaa).Address("6.6.6.6").Bytes,
                new DnsMessage(A.Id, 0x0180, "api.internal", DnsType.A).Address("6.6.6.6").Bytes,
                new DnsMessage(A.Id, 0xA180, "api.internal", DnsType.A).Address("6.6.6.6").Bytes,
                A.Bytes,
                [],
                [1],
                new byte[12],
            ],
            message => Assert.Equal(DnsVerdict.NotOurs, DnsAnswerReader.Read(message, A, out _)));
    }

    [Fact]
    public void TruncatedAnswer_IsNoAnswerYet() => Assert.Equal(
        DnsVerdict.Truncated, DnsAnswerReader.Read(new DnsMessage(A, 0x8380).Address("10.0.0.1").Bytes, A, out _));

    [Theory]
    [InlineData(0x8180, DnsAnswerKind.Empty)]
    [InlineData(0x8500, DnsAnswerKind.Empty)]
    [InlineData(0x8100, DnsAnswerKind.Refused)] // a referral: it is no authority and asks nobody
    [InlineData(0x8181, DnsAnswerKind.Refused)]
    [InlineData(0x8182, DnsAnswerKind.Refused)]
    [InlineData(0x8183, DnsAnswerKind.NoSuchName)]
    [InlineData(0x8185, DnsAnswerKind.Refused)]
    [InlineData(0x818F, DnsAnswerKind.Refused)]
    public void AnswerWithoutRecords_SaysWhatItsFlagsSay(int flags, object kind) =>
        Assert.Equal(kind, Read(A, new DnsMessage(A, (ushort)flags).Bytes).Kind);

    [Fact]
    public void QuestionThatWasNotUnderstood_MayBeLeftOut()
    {
        byte[] message = [(byte)(A.Id >> 8), (byte)A.Id, 0x81, 0x81, 0, 0, 0, 0, 0, 0, 0, 0];

        Assert.Equal(DnsVerdict.Answer, DnsAnswerReader.Read(message, A, out var answer));
        Assert.Contains("FORMERR", answer.Problem, StringComparison.Ordinal);
        message[3] = 0x82; // any other error needs its question
        Assert.Equal(DnsVerdict.NotOurs, DnsAnswerReader.Read(message, A, out _));
    }

    public static TheoryData<string> Hostile => [.. HostileMessages.Keys];

    [Theory]
    [MemberData(nameof(Hostile))]
    public void HostileAnswer_IsRefused(string what)
    {
        var (query, message) = HostileMessages[what];

        Assert.Equal(DnsVerdict.Answer, DnsAnswerReader.Read(message, query, out var answer));
        Assert.True(answer.IsFailure, $"{answer}");
        Assert.Empty(answer.Addresses);
        Assert.Empty(answer.Services);
    }

    private static Dictionary<string, (DnsQuery Query, byte[] Message)> HostileMessages { get; } = new()
    {
        ["a name that points at itself"] = (A, PointingFrom(new DnsMessage(A), m => m.At)),
        ["a name that points ahead"] = (A, PointingFrom(new DnsMessage(A), m => m.At + 2)),
        ["a name that points behind the end"] = (A, PointingFrom(new DnsMessage(A), _ => 0x3FFF)),
        ["two names that point at each other"] = (A, TwoPointers()),
        ["a label of a kind that is none"] = (A, new DnsMessage(A).Count().Raw(0x80, 1, 0).Bytes),
        ["a label behind the end"] = (A, new DnsMessage(A).Count().Raw(63, 65).Bytes),
        ["half a pointer"] = (A, new DnsMessage(A).Count().Raw(0xC0).Bytes),
        ["a name without an end"] = (A, new DnsMessage(A).Count().Raw(1, 65).Bytes),
        ["a name that is too long"] = (A, new DnsMessage(A).Address(
            "10.0.0.1", string.Join('.', Enumerable.Repeat(new string('a', 63), 4))).Bytes),
        ["more records than there are"] = (A, new DnsMessage(A).Address("10.0.0.1").Claiming(2)),
        ["65,535 records of none"] = (A, new DnsMessage(A).Claiming(ushort.MaxValue)),
        ["data behind the end"] = (A, new DnsMessage(A).Record(null, DnsType.A, [1, 2, 3, 4], 5).Bytes),
        ["an address that is too short"] = (A, new DnsMessage(A).Record(null, DnsType.A, [1, 2, 3]).Bytes),
        ["an address that is too long"] = (A, new DnsMessage(A).Record(null, DnsType.A, new byte[16]).Bytes),
        ["a service without a target"] = (Srv, new DnsMessage(Srv).Record(null, DnsType.Srv, new byte[6]).Bytes),
        ["a target that ends before its data"] = (Srv, new DnsMessage(Srv).Record(
            null, DnsType.Srv, [0, 0, 0, 0, 0, 80, 1, 97, 0, 9]).Bytes),
        ["a target that ends behind its data"] = (Srv, new DnsMessage(Srv).Record(
            null, DnsType.Srv, [0, 0, 0, 0, 0, 80, 1, 97, 0], 8).Bytes),
        ["an alias of itself"] = (A, new DnsMessage(A).Alias("api.internal", "api.internal").Address("1.2.3.4").Bytes),
        ["aliases in a circle"] = (A, new DnsMessage(A)
            .Alias("api.internal", "b.internal").Alias("b.internal", "api.internal").Bytes),
        ["a chain of aliases that is too long"] = (A, Enumerable.Range(0, 20).Aggregate(
            new DnsMessage(A).Alias("api.internal", "n0"), (m, i) => m.Alias($"n{i}", $"n{i + 1}")).Bytes),
    };

    // 64 KiB of pointers, each to the one before, and as many records that end in them.
    [Fact]
    public void MostWorkThatAMessageCanMake_IsBounded()
    {
        var message = new DnsMessage(A);
        message.Count().Raw(0xC0, 12).UInt16(16).UInt16(1).UInt16(0).UInt16(0).UInt16(16000);
        var first = message.At;
        message.Raw(0xC0, 12);
        for (var i = 1; i < 8000; i++)
        {
            var last = first + (2 * (i - 1));
            message.Raw((byte)(0xC0 | (last >> 8)), (byte)last);
        }

        var end = first + (2 * 7999);
        while (message.At < 65_500)
        {
            message.Count().Raw((byte)(0xC0 | (end >> 8)), (byte)end).UInt16(1).UInt16(1).UInt16(0).UInt16(0).UInt16(0);
        }

        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.True(Read(A, message.Bytes).IsFailure);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"{watch.Elapsed}");
    }

    [Fact]
    public void LabelWithADot_IsNotTakenForTwo()
    {
        // One label "api.internal" is not the name api.internal.
        byte[] oneLabel = [12, .. "api.internal"u8, 0];
        var message = new DnsMessage(A).Count().Raw(oneLabel)
            .UInt16(1).UInt16(1).UInt16(0).UInt16(0).UInt16(4).Raw(6, 6, 6, 6).Bytes;

        Assert.Equal(DnsAnswerKind.Empty, Read(A, message).Kind);
    }

    // Whatever bytes come: a verdict, in no time, and never an exception.
    [Fact]
    public void MutatedAnswers_GiveAVerdict_NeverAnException()
    {
        var random = new Random(20261129);
        byte[][] seeds =
        [
            new DnsMessage(A).Address("10.0.0.1").Alias("b", "c").Address("10.0.0.2").Bytes,
            new DnsMessage(Srv).Service(1, 2, 3, "a.internal").Service(9, 9, 9, ".").Bytes,
            .. HostileMessages.Values.Select(m => m.Message),
        ];
        var verdicts = new Dictionary<DnsVerdict, int>();
        for (var i = 0; i < 200_000; i++)
        {
            var bytes = Mutated(seeds[random.Next(seeds.Length)], random);
            var query = random.Next(2) == 0 ? A : Srv;
            var verdict = DnsAnswerReader.Read(bytes, query, out var answer);
            verdicts[verdict] = verdicts.GetValueOrDefault(verdict) + 1;
            Assert.Equal(verdict == DnsVerdict.Answer, answer is not null);
            Assert.True(answer?.Addresses.Count is null or < 6000);
        }

        Assert.Equal(3, verdicts.Count);
    }

    private static byte[] Mutated(byte[] seed, Random random)
    {
        List<byte> bytes = [.. seed];
        for (var changes = random.Next(5); changes > 0 && bytes.Count > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, random.Next(bytes.Count - at));
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, random.Next(Math.Min(40, bytes.Count - at))));
                    break;
                default:
                    bytes[at] = (byte)(0xC0 | random.Next(64));
                    break;
            }
        }

        return [.. bytes];
    }

    private static byte[] PointingFrom(DnsMessage message, Func<DnsMessage, int> target)
    {
        var to = target(message);
        return message.Count().Raw((byte)(0xC0 | (to >> 8)), (byte)to).UInt16(1).UInt16(1).UInt16(0).UInt16(0).UInt16(0)
            .Bytes;
    }

    private static byte[] TwoPointers()
    {
        var message = new DnsMessage(A);
        var (first, second) = ((byte)message.At, (byte)(message.At + 3));
        return message.Count().Raw(1, 97, 0xC0, second, 0xC0, first).Bytes;
    }

    private static DnsQuery Query(string name, DnsType type)
    {
        Assert.True(DnsName.TryParse(name, out var parsed));
        return new DnsQuery(parsed, type, id: 4711);
    }

    private static DnsAnswer Read(DnsQuery query, byte[] message)
    {
        Assert.Equal(DnsVerdict.Answer, DnsAnswerReader.Read(message, query, out var answer));
        return answer;
    }
}
