namespace MiniLB.Tests.Fuzzing.Grammar;

/// <summary>Writes answers of a backend that a balancer ought to pass on.</summary>
internal static class AnswerGrammar
{
    public static MessageDraft Write(FuzzRng rng, string id)
    {
        var status = rng.Pick(Vocabulary.Statuses);
        var reason = rng.Pick([" OK", " OK", " ", "", " Some Reason, or none\t!", " \u00e9"]);
        var draft = new MessageDraft($"HTTP/1.{(rng.Percent(6) ? 0 : 1)} {status}{reason}");
        for (var i = rng.Skewed(9); i > 0; i--)
        {
            draft.Fields.Add(rng.Pick(Vocabulary.AnswerFields));
        }

        if (status is "204" or "304" || rng.Percent(4))
        {
            if (status == "304" && rng.Percent(50))
            {
                draft.Fields.Add("Content-Length: 77");
            }

            return draft;
        }

        var chunked = rng.Percent(40) && draft.Start.StartsWith("HTTP/1.1", StringComparison.Ordinal);
        var content = status == "205" ? "" : BodyGrammar.Content(rng, id);
        if (chunked || rng.Percent(90))
        {
            BodyGrammar.Frame(rng, draft, content, chunked);
        }
        else
        {
            draft.Body = content;
        }

        return draft;
    }
}
