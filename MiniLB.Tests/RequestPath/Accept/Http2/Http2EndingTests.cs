using MiniLB.State;
using MiniLB.Tests.Journeys.Http2.Wire;

namespace MiniLB.Tests.RequestPath.Accept.Http2;

public sealed class Http2EndingTests
{
    private const string Told = "GoAway:2147483647:None Ping:0";

    // One for each request: several that wait for the same would not all go on at once.
    private readonly List<TaskCompletionSource> _waiting = [];

    [Fact]
    public async Task QuietConnection_IsToldFirst_AndEndsOnceItHasHeard()
    {
        var client = Waiting().Open();
        Assert.Equal(ClientPhase.Idle, client.Client.Phase);

        client.Client.CloseWhenIdle();
        client.Client.CloseWhenIdle();
        var told = client.Take();
        Assert.Equal([FrameType.GoAway, FrameType.Ping], told.Select(f => f.Type));
        Assert.Equal(ClientPhase.Idle, client.Client.Phase);
        client.Send(told[1] with { Flags = FrameFlags.Ack });

        Assert.Equal("GoAway:0:None", client.TakeText());
        Assert.Equal(ClientPhase.Lingering, client.Client.Phase);
        client.Send(Frame.Headers(1, Fields.Get("/")), Frame.Ping());
        Assert.Equal("", client.TakeText());
        Assert.Empty(client.Served);
        await client.EndAsync();
    }

    [Fact]
    public async Task RequestsSentBeforeItWasHeard_AreServed_AndLaterOnesRefused()
    {
        var client = Waiting().Open();
        client.Send(Frame.Headers(1, Fields.Get("/")));
        client.Client.CloseWhenIdle();
        var told = client.Take();
        client.Send(Frame.Headers(3, Fields.Get("/")));
        client.Send(Frame.Ping(FrameFlags.Ack));
        Assert.Equal("", client.TakeText());

        client.Send(told[^1] with { Flags = FrameFlags.Ack });
        Assert.Equal("GoAway:3:None", client.TakeText());
        client.Send(Frame.Headers(5, Fields.Get("/")));
        Assert.Equal("Reset:5:RefusedStream", client.TakeText());
        Assert.Equal(ClientPhase.Serving, client.Client.Phase);
        AnswerAll();

        Assert.Equal([1, 3], client.Served);
        Assert.Equal((2, ClientPhase.Lingering), (client.Ended, client.Client.Phase));
        Assert.Equal("Headers:1 Data:1:1:end Headers:3 Data:3:1:end", client.TakeText());
        await client.EndAsync();
    }

    [Fact]
    public void ClientThatDoesNotAnswer_IsNotWaitedForLongerThanASecond()
    {
        var client = Waiting().Open();
        client.Client.CloseWhenIdle();
        Assert.Equal(Told, client.TakeText());

        var text = "";
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                client.Client.CloseWhenIdle();
                text = client.TakeText();
                return text.Length > 0;
            },
            TimeSpan.FromSeconds(30)));

        Assert.Equal("GoAway:0:None", text);
        Assert.Equal(ClientPhase.Lingering, client.Client.Phase);
    }

    [Fact]
    public void AnswerToAPingThatWasNotSent_EndsNothing()
    {
        var client = Waiting().Open();

        client.Send(new Frame(FrameType.Ping, FrameFlags.Ack, 0, "minilb01"u8.ToArray()));

        Assert.Equal("", client.TakeText());
        Assert.Equal(ClientPhase.Idle, client.Client.Phase);
    }

    [Fact]
    public async Task IdleClient_WhoseTimeIsOver_IsToldFirst()
    {
        var client = Waiting().Open();

        client.Client.TimeOut();

        Assert.Equal(Told, client.TakeText());
        Assert.False(client.Client.HasTimedOut);
        Assert.False(client.Running.IsCompleted);
        await client.EndAsync();
    }

    [Theory]
    [InlineData("nothing", 0)]
    [InlineData("half a preface", 0)]
    [InlineData("no settings", 0)]
    [InlineData("half a block", 0)]
    [InlineData("a request", 1)]
    public async Task ClientWhoseTimeIsOver_OtherwiseThanIdle_IsSentAway(string sent, int last)
    {
        var client = Waiting();
        client.Take();
        switch (sent)
        {
            case "half a preface":
                client.Send(Frame.Preface[..10]);
                break;
            case "no settings":
                client.Send(Frame.Preface);
                break;
            case "half a block":
                client.Open().Send(Frame.OpenHeaders(1, Fields.Get("/")) with { Flags = FrameFlags.None });
                Assert.Equal(ClientPhase.Reading, client.Client.Phase);
                break;
            case "a request":
                client.Open().Send(Frame.Headers(1, Fields.Get("/")));
                Assert.Equal(ClientPhase.Serving, client.Client.Phase);
                break;
        }

        client.Client.TimeOut();

        Assert.Equal($"GoAway:{last}:EnhanceYourCalm", client.TakeText());
        Assert.Equal(ClientPhase.Lingering, client.Client.Phase);
        AnswerAll();
        await client.Running.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(client.Served.Count, client.Ended);
        Assert.Equal("", client.TakeText());
        // Whose time was over has not sent a wrong preface.
        Assert.Empty(client.Log.Lines);
    }

    [Fact]
    public async Task LastFrames_ThatAreNotTakenInTime_EndTheConnectionHard()
    {
        var closed = new TaskCompletionSource();
        var client = Waiting(room: 10);
        await using var registration = client.Closed.Register(closed.SetResult);
        client.Send(Frame.Preface);
        client.Send(Frame.Settings(), Frame.Data(1, "no stream"));
        Assert.Equal(ClientPhase.Lingering, client.Client.Phase);
        Assert.False(closed.Task.IsCompleted);

        client.Client.TimeOut();

        await closed.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await client.Running.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task LastFrames_ThatWereTaken_LeaveNothingToEndHard()
    {
        var client = Waiting().Open();
        client.Send(Frame.Data(1, "no stream"));
        Assert.Equal("GoAway:0:Protocol", client.TakeText());
        Assert.False(client.Running.IsCompleted);

        client.Client.TimeOut();

        await client.Running.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.False(client.Closed.IsCancellationRequested);
    }

    [Fact]
    public void Phase_FollowsWhatTheConnectionDoes()
    {
        var client = Waiting().Open();
        client.Send(Frame.OpenHeaders(1, Fields.Post("/")));
        Assert.Equal(ClientPhase.Serving, client.Client.Phase);
        client.Send(Frame.Data(1, "body", end: true));
        client.Send(Frame.Headers(3, Fields.Get("/")) with { Flags = FrameFlags.EndStream });
        Assert.Equal(ClientPhase.Reading, client.Client.Phase);
        client.Send(new Frame(FrameType.Continuation, FrameFlags.EndHeaders, 3, []));
        Assert.Equal(ClientPhase.Serving, client.Client.Phase);

        AnswerAll();

        Assert.Equal((2, ClientPhase.Idle), (client.Ended, client.Client.Phase));
    }

    private void AnswerAll() => _waiting.ForEach(w => w.SetResult());

    private MemoryClient Waiting(int room = 0) => new(
        async e =>
        {
            var waiting = new TaskCompletionSource();
            _waiting.Add(waiting);
            await waiting.Task;
            await MemoryClient.AnswerAsync(e, "a");
        },
        room);
}
