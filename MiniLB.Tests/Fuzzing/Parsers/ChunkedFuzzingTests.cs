using MiniLB.Tests.Fuzzing.Grammar;
using MiniLB.Tests.Fuzzing.Strict;
using MiniLB.Wire;

namespace MiniLB.Tests.Fuzzing.Parsers;

/// <summary>The decoder of chunked bodies gives the same however its input is cut, accepts what the strict reading
/// accepts, and never throws.</summary>
[Collection(nameof(FuzzingAlone))]
public sealed class ChunkedFuzzingTests
{
    private const int ShortEnoughForSingleBytes = 3000;

    private static readonly HeadLimits Limits = new(8 * 1024, 32 * 1024, 100);

    [Fact]
    public void AnyChunks_CutAnywhere_AreReadAsTheStrictReadingHasThem() =>
        ParserInputs.Feed(WriteChunked, (rng, bytes) =>
        {
            var body = bytes.AsSpan().IndexOf("\r\n\r\n"u8) is var head and >= 0 ? bytes[(head + 4)..] : bytes;
            var whole = Decode(body, _ => body.Length);

            Assert.Equal(whole, Decode(body, _ => 1 + rng.Next(40)));
            if (body.Length <= ShortEnoughForSingleBytes)
            {
                Assert.Equal(whole, Decode(body, _ => 1));
            }

            var cut = rng.Next(body.Length + 1);
            Assert.Equal(whole, Decode(body, at => at < cut ? cut - at : body.Length));
            Judge(whole, body);
        });

    private static void Judge(Decoded decoded, byte[] body)
    {
        var strict = StrictBody.Read(
            body, new StrictMessage(0) { Framing = Framing.Chunked }.HeadDone(0), StrictLimits.Request);
        if (strict.IsUnsure)
        {
            return;
        }

        // In half a line one of the two may see earlier than the other that nothing good can come of it.
        Assert.False(decoded.IsBad && strict.Reading == Reading.Whole, "refused good chunks");
        Assert.Equal(strict.Reading == Reading.Whole, decoded.IsDone);
        Assert.Equal(Convert.ToHexString(strict.Body), decoded.Data);
        if (decoded.IsDone)
        {
            Assert.Equal(strict.End, decoded.Consumed);
            Assert.Equal(string.Join('\n', strict.Trailers), decoded.Trailers);
        }
    }

    private static Decoded Decode(byte[] body, Func<int, int> pieceAt)
    {
        var decoder = new ChunkedDecoder();
        decoder.Begin(Limits);
        var data = new MemoryStream();
        var at = 0;
        while (at < body.Length && !decoder.IsDone && decoder.Error == WireError.None)
        {
            var piece = body.AsSpan(at, Math.Min(body.Length - at, pieceAt(at)));
            while (piece.Length > 0 && !decoder.IsDone && decoder.Error == WireError.None)
            {
                data.Write(decoder.Decode(piece, out var consumed));
                Assert.InRange(consumed, 1, piece.Length);
                piece = piece[consumed..];
                at += consumed;
            }
        }

        var isBad = decoder.Error != WireError.None;
        return new Decoded(
            Convert.ToHexString(data.ToArray()), decoder.IsDone, isBad, decoder.IsDone ? at : 0,
            isBad ? "" : string.Join('\n', RequestHeadFuzzingTests.Read(decoder.Trailers)));
    }

    private static MessageDraft WriteChunked(FuzzRng rng)
    {
        var draft = new MessageDraft("POST / HTTP/1.1");
        BodyGrammar.Frame(rng, draft, BodyGrammar.Content(rng, "id"), chunked: true);
        if (rng.Percent(60))
        {
            FramingOnly(rng, draft);
        }

        return draft;
    }

    private static void FramingOnly(FuzzRng rng, MessageDraft draft) =>
        Mutators.FramingMutator.Mutate(rng, draft);

    private sealed record Decoded(string Data, bool IsDone, bool IsBad, int Consumed, string Trailers);
}
