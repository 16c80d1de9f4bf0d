using System.Text;
using MiniLB.Tests.Fuzzing.Grammar;
using MiniLB.Tests.Fuzzing.Strict;
using MiniLB.Wire;

namespace MiniLB.Tests.Fuzzing.Parsers;

/// <summary>The parser of request heads accepts what the strict reading accepts, reads the same in it, and never
/// throws.</summary>
[Collection(nameof(FuzzingAlone))]
public sealed class RequestHeadFuzzingTests
{
    private static readonly HeadLimits Limits = new(8 * 1024, 32 * 1024, 100);

    [Fact]
    public void AnyHead_IsParsed_AsTheStrictReadingHasIt() =>
        ParserInputs.Feed(rng => RequestGrammar.Write(rng, "id"), (rng, bytes) =>
        {
            var strict = StrictRequestParser.Read(bytes, 0, StrictLimits.Request);
            var received = ParserInputs.Surrounded(rng, bytes).Span;
            var length = FieldLines.HeadLength(received);
            if (length < 0 || received[0] == '\r')
            {
                Assert.True(strict.Reading is Reading.NeedsHead or Reading.BadHead || received[0] == '\r');
                return;
            }

            var head = new RequestHead();
            var error = RequestHeadParser.Parse(received[..length], Limits, head);
            if (error != WireError.None)
            {
                Assert.True(strict.Reading == Reading.BadHead || strict.IsUnsure, $"refused a good head: {error}");
                return;
            }

            Assert.False(strict.Reading == Reading.BadHead, $"accepted a bad head: {strict.Fault}");
            Assert.Equal((strict.Method, strict.Target), (head.Method, head.RawTarget));
            Assert.Equal(strict.Framing == Framing.Chunked, head.Framing == BodyFraming.Chunked);
            Assert.Equal(strict.Framing == Framing.Length ? strict.Length : 0, head.ContentLength);
            Assert.Equal(strict.Fields, Read(head.Fields));
            Assert.Equal(strict.HeadEnd, length);
        });

    [Fact]
    public void GoodHead_OfWhichAPartHasArrived_IsNotRefusedEarly() =>
        ParserInputs.Feed(rng => RequestGrammar.Write(rng, "id"), (rng, bytes) =>
        {
            var received = ParserInputs.Surrounded(rng, bytes).Span;
            var length = FieldLines.HeadLength(received);
            if (length < 0 || received[0] == '\r'
                || RequestHeadParser.Parse(received[..length], Limits, new RequestHead()) != WireError.None)
            {
                return;
            }

            for (var i = 0; i < 32; i++)
            {
                var part = rng.Next(length);
                var error = RequestHeadParser.CheckPart(received[..part], Limits, new RequestHead());
                Assert.True(error == WireError.None, $"{error} after {part} of {length} bytes");
            }
        });

    internal static List<StrictField> Read(FieldList fields)
    {
        var read = new List<StrictField>();
        for (var i = 0; i < fields.Count; i++)
        {
            var line = fields[i];
            read.Add(new StrictField(Encoding.Latin1.GetString(line.Name), Encoding.Latin1.GetString(line.Value)));
        }

        return read;
    }
}
