using MiniLB.Tests.Journeys.Exchanges.Table;

namespace MiniLB.Tests.Journeys.Exchanges.Running;

/// <summary>Runs one row and holds it against what it promises.</summary>
internal sealed class ExchangeRunner
{
    private static readonly string After = $"GET {ScriptedBackend.AfterTarget} HTTP/1.1\r\nHost: after\r\n\r\n";

    private readonly ExchangeBench _bench;
    private readonly ExchangeRow _row;
    private readonly Peer _client;
    private readonly BackendRun _run;

    private ExchangeRunner(ExchangeBench bench, ExchangeRow row, Peer client, BackendRun run) =>
        (_bench, _row, _client, _run) = (bench, row, client, run);

    /// <summary>Throws where the row does not hold.</summary>
    public static async Task RunAsync(ExchangeBench bench, ExchangeRow row)
    {
        await using var client = await bench.ConnectAsync();
        var run = await bench.Backend.BeginRowAsync(row, () => client.Received);
        var runner = new ExchangeRunner(bench, row, client, run);
        try
        {
            await runner.RunAsync();
        }
        catch (Xunit.Sdk.XunitException e)
        {
            var description = runner.Describe(e.Message);
            await client.DisposeAsync();
            await bench.Backend.CloseAllAsync();
            throw new RowFailedException(description);
        }
    }

    private async Task RunAsync()
    {
        var player = new ScriptPlayer(_client, () => string.Concat(_bench.Backend.Received))
        {
            IsBackendDone = () => !_run.IsBusy,
        };
        var fault = await player.PlayAsync(_row.Sends);
        await ClientSeesAsync();
        Assert.True(fault is null, $"client: {fault}");
        await AnotherClientIsServedAsync();
        await _bench.Backend.QuietAsync();
        Assert.True(_run.Faults.IsEmpty, string.Join('\n', _run.Faults));
        RequestChecks.Hold(_row, [.. _run.Requests]);
        Assert.False(_bench.HasExited, "the balancer died");
    }

    private async Task ClientSeesAsync()
    {
        if (_row.Then == Then.ClientLeft)
        {
            return;
        }

        foreach (var expected in _row.Sees)
        {
            var response = await ReceivedResponse.ReadAsync(_client, expected.ToHead);
            Assert.True(response is not null, $"no response, but {_client.State}: '{_client.Untaken}'");
            ResponseChecks.Hold(expected, response, _row.Then);
        }

        Assert.Equal(_row.Tunnelled, await _client.TakeAsync(_row.Tunnelled.Length));
        if (_row.Then == Then.Ends)
        {
            var rest = await _client.ToEndAsync();
            Assert.True(_client.State != PeerState.Open, "the connection did not end");
            Assert.True(rest.Length == 0 || _row.Sees.Any(s => s.CutOff), $"more came: '{rest}'");
            return;
        }

        await AskAsync(_client, "on the same connection");
    }

    /// <summary>Whatever the row left behind must not reach another client's exchange.</summary>
    private async Task AnotherClientIsServedAsync()
    {
        await using var other = await _bench.ConnectAsync();
        await AskAsync(other, "on another connection");
        if (_row.OthersOnNewConnection is { } isNew)
        {
            Assert.True(await IsSharedAsync() != isNew, $"another client's came on {
                (isNew ? "this client's" : "a new")} backend connection");
        }
    }

    /// <summary>Clients on the same event loop share connections: enough of them are tried to meet it.</summary>
    private async Task<bool> IsSharedAsync()
    {
        var mine = _run.Requests.Select(r => r.Connection).ToHashSet();
        var others = new List<Peer>();
        try
        {
            for (var i = 0; i < 4 * Environment.ProcessorCount; i++)
            {
                if (mine.Contains(_run.Afterwards.Last().Connection))
                {
                    return true;
                }

                others.Add(await _bench.ConnectAsync());
                await AskAsync(others[^1], "on another connection");
            }

            return mine.Contains(_run.Afterwards.Last().Connection);
        }
        finally
        {
            foreach (var other in others)
            {
                await other.DisposeAsync();
            }
        }
    }

    private async Task AskAsync(Peer client, string where)
    {
        var before = _run.Afterwards.Count;
        await client.SayAsync(After);
        var response = await ReceivedResponse.ReadAsync(client, toHead: false);
        Assert.True(response is not null, $"no answer {where} afterwards, but {client.State}: '{client.Untaken}'");
        Assert.True(response.Head.Status == 200 && response.Body.Text == "after",
            $"a wrong answer {where} afterwards: {response.Head.FirstLine} '{response.Body.Text}'");
        Assert.Equal(before + 1, _run.Afterwards.Count);
        RequestChecks.HoldWellFormed(_run.Afterwards.Last());
    }

    private string Describe(string what) =>
        $"""
        {_row.Name}: {_row.Promise}
        {what}
        == the client received ({_client.State}):
        {Transcript.Of(_client.Received)}
        == the backend received:
        {Transcript.Of(_bench.Backend.Received)}
        """;
}
