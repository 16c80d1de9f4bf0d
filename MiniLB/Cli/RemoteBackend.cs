using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MiniLB.Admin;
using MiniLB.RequestPath.Summarize;

namespace MiniLB.Cli;

/// <summary>One backend of a running instance.</summary>
/// <remarks>What goes wrong is an <see cref="AdminCallException"/>.</remarks>
internal sealed class RemoteBackend
{
    private readonly AdminClient _client;
    private readonly string _path;

    private RemoteBackend(AdminClient client, string path) => (_client, _path) = (client, path);

    public static async Task<RemoteBackend> FindAsync(AdminClient client, BackendName name)
    {
        var pools = Read(await client.GetAsync("/backends"), BackendsJson.Default.BackendsDocument);
        return new RemoteBackend(client, name.Path(pools));
    }

    public async Task<BackendDocument> AskAsync() =>
        Read(await _client.GetAsync(_path), BackendsJson.Default.BackendDocument);

    public async Task<BackendDocument> TellAsync(HttpMethod method, string what, string json = "") => Read(
        await _client.SendAsync(method, $"{_path}/{what}", System.Text.Encoding.UTF8.GetBytes(json)),
        BackendsJson.Default.BackendDocument);

    public static T Read<T>(AdminReply reply, JsonTypeInfo<T> type)
    {
        try
        {
            if (reply.Status == HttpStatusCode.OK)
            {
                return JsonSerializer.Deserialize(reply.Body, type)!;
            }

            var problem = JsonSerializer.Deserialize(reply.Body, ProblemJson.Default.ProblemDocument)!;
            var isWrong = reply.Status is HttpStatusCode.NotFound or HttpStatusCode.BadRequest;
            throw new AdminCallException(
                isWrong ? ExitCode.Wrong : ExitCode.Failed, problem.Detail ?? problem.Title);
        }
        catch (JsonException)
        {
            throw new AdminCallException(ExitCode.Failed,
                $"what answered ({(int)reply.Status}) is no instance of MiniLB that knows this command");
        }
    }
}
