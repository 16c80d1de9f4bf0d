using System.Text;
using MiniLB.Tests.Fuzzing.Mutators;
using MiniLB.Tests.Fuzzing.Scripts;

namespace MiniLB.Tests.Fuzzing.Grammar;

/// <summary>Writes a request for another protocol and what follows on both sides when it is granted.</summary>
internal static class TunnelGrammar
{
    public static FuzzCase Write(FuzzRng rng, string name, string id)
    {
        var protocol = rng.Pick(["websocket", "fuzz/1"]);
        var ask = $"GET /f/{id} HTTP/1.1\r\nHost: {Vocabulary.Host}\r\nConnection: Upgrade\r\n"
            + $"Upgrade: {protocol}\r\n\r\n";
        var granted = rng.Percent(90) ? protocol : "other";
        var grant = $"HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: {granted}\r\nX-Fuzz-R: {id}\r\n\r\n";
        var client = new List<Step> { Step.Send(Encoding.Latin1.GetBytes(ask)), Step.Of(StepKind.Await, 1) };
        var backend = new List<Step> { Step.Of(StepKind.ReadBody) };
        backend.AddRange(Splitter.Split(rng, Encoding.Latin1.GetBytes(grant + BodyGrammar.Content(rng, id))));
        for (var i = rng.Next(4); i > 0; i--)
        {
            client.AddRange(Splitter.Split(rng, Encoding.Latin1.GetBytes(BodyGrammar.Content(rng, id))));
            backend.AddRange(Splitter.Split(rng, Encoding.Latin1.GetBytes(BodyGrammar.Content(rng, id))));
        }

        client.Add(Step.Of(rng.Percent(90) ? StepKind.Close : StepKind.Reset));
        return new FuzzCase(name, client, [backend]);
    }
}
