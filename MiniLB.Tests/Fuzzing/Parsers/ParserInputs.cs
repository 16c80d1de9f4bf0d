using System.Diagnostics;
using MiniLB.Tests.Fuzzing.Engine;
using MiniLB.Tests.Fuzzing.Grammar;
using MiniLB.Tests.Fuzzing.Mutators;
using MiniLB.Tests.Fuzzing.Scripts;

namespace MiniLB.Tests.Fuzzing.Parsers;

/// <summary>Feeds a parser with messages, most of them mutated, for a part of the time of a fuzzing run.</summary>
internal static class ParserInputs
{
    private const int Share = 5;

    public static void Feed(Func<FuzzRng, MessageDraft> write, Action<FuzzRng, byte[]> judge)
    {
        var settings = FuzzSettings.FromEnvironment();
        var watch = Stopwatch.StartNew();
        for (var number = settings.OnlyCase ?? 0; watch.Elapsed < settings.Duration / Share; number++)
        {
            var rng = FuzzRng.For(settings.Seed, number);
            var draft = write(rng);
            var bytes = rng.Percent(70) ? MessageMutator.Mutate(rng, draft) : draft.Render();
            try
            {
                judge(rng, bytes);
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                Assert.Fail(Describe($"{e}", settings, number, bytes));
            }
            catch (Xunit.Sdk.XunitException e)
            {
                Assert.Fail(Describe(e.Message, settings, number, bytes));
            }
        }
    }

    /// <summary>The same bytes inside a larger array of other bytes, so that reading past an end shows.</summary>
    public static ReadOnlyMemory<byte> Surrounded(FuzzRng rng, byte[] bytes)
    {
        var padding = new byte[] { 0, (byte)'\r', (byte)'\n', (byte)':', (byte)'0', (byte)';', 255 };
        byte[] all = [.. padding, .. bytes, rng.Pick(padding), .. padding];
        return all.AsMemory(padding.Length, bytes.Length);
    }

    private static string Describe(string what, FuzzSettings settings, long number, byte[] bytes) =>
        $"{what}\nMINILB_FUZZ_SEED={settings.Seed} MINILB_FUZZ_CASE={number}\n"
        + string.Join("\n  + ", Escaped.Pieces(bytes));
}
