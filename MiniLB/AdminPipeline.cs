using System.Text;
using MiniLB.Admin;
using MiniLB.RequestPath;
using MiniLB.RequestPath.Forward;
using MiniLB.RequestPath.Summarize;
using MiniLB.Wire;
using HostRules = MiniLB.Admin.HostRules;

namespace MiniLB;

/// <summary>The path of a request to the admin address: its host name, its token, its path, whether it is obeyed, its
/// body, the answer.</summary>
internal sealed class AdminPipeline(AdminEndpoints endpoints)
{
    public async ValueTask ServeAsync(Exchange exchange)
    {
        var admin = exchange.World.Options.Admin;
        if (!HostRules.IsServed(exchange.Host, admin))
        {
            await ProblemWriter.WriteAsync(exchange, Problem.HostNotServed);
        }
        else if (!TokenRules.Allows(exchange.Target, admin, exchange.RequestFields.Text(FieldId.Authorization)))
        {
            await ProblemWriter.WriteAsync(exchange, Problem.TokenNeeded);
        }
        else if (endpoints.Find(exchange.Target) is not { } route)
        {
            await ProblemWriter.WriteAsync(exchange, Problem.NotFound);
        }
        else if (Refuse(exchange, route) is { } problem)
        {
            await ProblemWriter.WriteAsync(exchange, problem);
        }
        else
        {
            await AnswerAsync(exchange, route);
        }
    }

    private static Problem? Refuse(Exchange exchange, AdminRoute route)
    {
        if (!route.Serves(exchange.Method))
        {
            return Problem.MethodNotAllowed(route.Allow);
        }

        var refusal = route.IsCommand ? CommandRules.Refuse(HeadOf(exchange), exchange.World.Options.Admin)
            : route.IsStream ? CommandRules.RefuseOtherSite(HeadOf(exchange))
            : null;
        return refusal is null ? null : For(refusal);
    }

    private static async ValueTask AnswerAsync(Exchange exchange, AdminRoute route)
    {
        var (error, body) = route.IsCommand ? await AdminBody.ReadAsync(exchange) : (ForwardError.None, []);
        if (error == ForwardError.None)
        {
            var answer = await route.Answer(new AdminCommand(
                exchange.Connection.PeerText, body, Text(exchange.RequestFields, "Accept"u8)));
            using var stream = answer.Stream;
            await (answer.Document is { } document ? AnswerWriter.WriteAsync(exchange, document)
                : stream is not null ? EventWriter.WriteAsync(exchange, stream)
                : ProblemWriter.WriteAsync(exchange, For(answer.Refusal!)));
        }
        else if (Problem.For(error) is { } problem)
        {
            await ProblemWriter.WriteAsync(exchange, problem);
        }
        else
        {
            exchange.Abort();
        }
    }

    private static Problem For(AdminRefusal refusal) =>
        new(refusal.Status, refusal.Type, refusal.Title) { Detail = refusal.Detail };

    private static CommandHead HeadOf(Exchange exchange) => new(
        exchange.Scheme,
        exchange.Host,
        exchange.RequestFields.Text(FieldId.ContentType),
        Text(exchange.RequestFields, "Origin"u8),
        Text(exchange.RequestFields, "Sec-Fetch-Site"u8));

    // As FieldList.Text, for a name of which the rest of the program knows nothing.
    private static string? Text(FieldList fields, ReadOnlySpan<byte> name)
    {
        string? text = null;
        for (var i = 0; i < fields.Count; i++)
        {
            if (Ascii.EqualsIgnoreCase(fields[i].Name, name))
            {
                var value = Encoding.Latin1.GetString(fields[i].Value);
                text = text is null ? value : $"{text}, {value}";
            }
        }

        return text;
    }
}
