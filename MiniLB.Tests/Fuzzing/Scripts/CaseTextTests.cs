using MiniLB.Tests.Fuzzing.Engine;
using MiniLB.Tests.Fuzzing.Grammar;

namespace MiniLB.Tests.Fuzzing.Scripts;

/// <summary>A case that was written down is the same case when it is read again.</summary>
public sealed class CaseTextTests
{
    private const ulong Seed = 1;

    [Fact]
    public void GeneratedCase_WrittenAndRead_IsTheSame()
    {
        for (var number = 0; number < 300; number++)
        {
            var text = CaseText.Write(CaseGenerator.Create(Seed, number), "comment");

            Assert.Equal(text, CaseText.Write(CaseText.Read("read", text), "comment"));
        }
    }

    [Fact]
    public void SeedAndNumber_UsedTwice_GiveTheSameCase() => Assert.All(Enumerable.Range(0, 100), number =>
        Assert.Equal(
            CaseText.Write(CaseGenerator.Create(Seed, number), ""),
            CaseText.Write(CaseGenerator.Create(Seed, number), "")));

    [Fact]
    public void EveryCorpusFile_IsReadable() =>
        Assert.All(FuzzFiles.ReadCorpus(), fuzzCase => Assert.NotEmpty(fuzzCase.Sent));
}
