using MiniLB.Tests.Fuzzing.Grammar;
using MiniLB.Tests.Fuzzing.Strict;
using MiniLB.Wire;

namespace MiniLB.Tests.Fuzzing.Parsers;

/// <summary>The parser of response heads accepts what the strict reading accepts, reads the same in it, and never
/// throws.</summary>
[Collection(nameof(FuzzingAlone))]
public sealed class ResponseHeadFuzzingTests
{
    private static readonly HeadLimits Limits = new(64 * 1024, 64 * 1024, 100);

    [Fact]
    public void AnyHead_IsParsed_AsTheStrictReadingHasIt() => ParserInputs.Feed(Write, (rng, bytes) =>
    {
        var request = new StrictMessage(0) { Method = rng.Percent(20) ? "HEAD" : "GET" };
        var strict = StrictResponseParser.Read(bytes, 0, request, StreamEnd.Open, StrictLimits.Response);
        var received = ParserInputs.Surrounded(rng, bytes).Span;
        var length = FieldLines.HeadLength(received);
        if (length < 0)
        {
            Assert.True(strict.Reading is Reading.NeedsHead or Reading.BadHead);
            return;
        }

        // Whether a 101 was asked for, and how much is too much, is not the parser's to say.
        var head = new ResponseHead();
        var error = ResponseHeadParser.Parse(received[..length], Limits, request.Method == "HEAD", head);
        if (strict.Status == 101 || length > Limits.Bytes)
        {
            return;
        }

        if (error != WireError.None)
        {
            Assert.True(strict.Reading == Reading.BadHead || strict.IsUnsure, $"refused a good head: {error}");
            return;
        }

        Assert.False(strict.Reading == Reading.BadHead, $"accepted a bad head: {strict.Fault}");
        Assert.Equal((strict.Status, strict.Minor), (head.Status, head.MinorVersion));
        Assert.Equal(strict.Framing == Framing.Chunked, head.Framing == BodyFraming.Chunked);
        Assert.Equal(strict.Framing == Framing.UntilClose, head.Framing == BodyFraming.UntilClose);
        Assert.Equal(strict.Fields, RequestHeadFuzzingTests.Read(head.Fields));
        Assert.Equal(strict.HeadEnd, length);
    });

    [Fact]
    public void GoodHead_OfWhichAPartHasArrived_IsNotHopeless() => ParserInputs.Feed(Write, (rng, bytes) =>
    {
        var received = ParserInputs.Surrounded(rng, bytes).Span;
        var length = FieldLines.HeadLength(received);
        if (length < 0
            || ResponseHeadParser.Parse(received[..length], Limits, false, new ResponseHead()) != WireError.None)
        {
            return;
        }

        for (var i = 0; i < 32; i++)
        {
            var part = rng.Next(length);
            Assert.False(ResponseHeadParser.IsHopeless(received[..part]), $"after {part} of {length} bytes");
        }
    });

    private static MessageDraft Write(FuzzRng rng)
    {
        var draft = AnswerGrammar.Write(rng, "id");
        draft.Start = rng.Percent(8) ? rng.Pick(Vocabulary.BadStatusLines) : draft.Start;
        return draft;
    }
}
