namespace MiniLB.Tests.Fuzzing.Grammar;

/// <summary>Writes requests that a balancer ought to pass on, common ones and odd ones.</summary>
internal static class RequestGrammar
{
    public static MessageDraft Write(FuzzRng rng, string id)
    {
        var method = rng.Pick(Vocabulary.Methods);
        var is10 = rng.Percent(5);
        var draft = new MessageDraft($"{method} {Target(rng, id)} HTTP/1.{(is10 ? 0 : 1)}");
        for (var i = rng.Skewed(12); i > 0; i--)
        {
            draft.Fields.Add(rng.Percent(80) ? rng.Pick(Vocabulary.Plain) : rng.Pick(Vocabulary.Acted));
        }

        if (rng.Percent(2))
        {
            draft.Fields.Add("X-Fuzz-Long: " + new string('l', rng.Skewed(9000)));
        }

        if (is10 && rng.Percent(30))
        {
            draft.Fields.Add("Connection: keep-alive");
        }

        BodyGrammar.Insert(rng, draft, $"{rng.Pick(["Host", "host", "HOST"])}: {Vocabulary.Host}");
        if (rng.Percent(method is "GET" or "HEAD" or "OPTIONS" or "DELETE" ? 6 : 90))
        {
            BodyGrammar.Frame(rng, draft, BodyGrammar.Content(rng, id), chunked: !is10 && rng.Percent(45));
        }

        return draft;
    }

    private static string Target(FuzzRng rng, string id)
    {
        var path = $"/f/{id}";
        path += rng.Next(6) switch
        {
            0 => rng.Pick(Vocabulary.OddTargets),
            1 => "?" + new string('q', rng.Skewed(3000)),
            _ => "",
        };
        return rng.Percent(3) ? $"http://{Vocabulary.Host}{path}" : path;
    }
}
