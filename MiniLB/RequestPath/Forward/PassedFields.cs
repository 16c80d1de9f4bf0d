namespace MiniLB.RequestPath.Forward;

/// <summary>Makes of the fields that were received those that are passed on.</summary>
/// <remarks>What ends here, and what a Connection field names, is held before any rule or hook adds to it: the other
/// side cannot strip what they add.</remarks>
internal static class PassedFields
{
    /// <summary>Once for each request, before its first attempt.</summary>
    public static void PrepareRequest(Exchange exchange)
    {
        HeaderRules.Hold(exchange.RequestFields);
        exchange.Trace?.PassOn(exchange.RequestFields);
        if (exchange.World.Options.Headers.Request is { } rules)
        {
            FieldChanges.Apply(rules, exchange.RequestFields);
            exchange.HostOverride = rules.Host;
        }
    }

    /// <summary>Once for a backend's final answer.</summary>
    /// <returns>False where a hook has failed: then nothing of the answer is passed on.</returns>
    public static bool TryPrepareAnswer(Exchange exchange)
    {
        HeaderRules.Hold(exchange.Answer.Fields);
        if (exchange.World.Options.Headers.Response is { } rules)
        {
            FieldChanges.Apply(rules, exchange.Answer.Fields);
        }

        if (exchange.Hooked?.TryShow(exchange.Answer) == false)
        {
            return false;
        }

        // Ours: what is taken from a backend's cookies must not unbind the client.
        if (exchange.SessionCookie is { } cookie)
        {
            exchange.Answer.Fields.Add("Set-Cookie"u8, cookie);
        }

        return true;
    }
}
