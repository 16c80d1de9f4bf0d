using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using MiniLB.RequestPath.Accept;
using MiniLB.State;
using MiniLB.Wire;

namespace MiniLB.Tests.RequestPath.Accept;

public sealed class Http2ExchangeTests : IAsyncDisposable
{
    private readonly CancellationTokenSource _aborted = new();
    private readonly MemoryStream _sent = new();
    private readonly Resets _resets = new();

    [Fact]
    public async Task AnsweredExchange_IsSettledAtOnce()
    {
        var exchange = NewExchange();
        exchange.Start(Answer(), closes: false);
        exchange.Write("12"u8);
        Assert.True(await exchange.CompleteAsync(trailers: null));

        await exchange.SettleAsync();

        Assert.Empty(_resets.Codes);
        Assert.Equal("12"u8, _sent.ToArray());
    }

    [Fact]
    public async Task AnswerThatIsCutShort_IsResetAndSettledOnceKestrelKnows()
    {
        var exchange = NewExchange();
        exchange.Start(Answer(), closes: false);
        exchange.Write("1"u8);
        Assert.True(await exchange.FlushAsync());

        var settled = exchange.SettleAsync().AsTask();

        Assert.False(settled.IsCompleted);
        Assert.Equal([2], _resets.Codes); // INTERNAL_ERROR
        await _aborted.CancelAsync();
        await settled.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task AnswerThatIsCutShort_IsSettledWhereKestrelNeverSays()
    {
        var exchange = NewExchange();
        exchange.Start(Answer(), closes: false);

        await exchange.SettleAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal([2], _resets.Codes);
    }

    public async ValueTask DisposeAsync()
    {
        _aborted.Dispose();
        await _sent.DisposeAsync();
    }

    private static ResponseHead Answer()
    {
        var head = new ResponseHead { Status = 200, ContentLength = 2 };
        head.Fields.Add("Content-Length"u8, "2");
        return head;
    }

    private Http2Exchange NewExchange()
    {
        var features = new FeatureCollection();
        features.Set(new ClientConnection(new TestConnection().Context, isAdmin: false, now: 0));
        features.Set<IHttpRequestFeature>(new HttpRequestFeature
        {
            Method = "GET", RawTarget = "/", Scheme = "http", Protocol = "HTTP/2",
            Headers = new HeaderDictionary { ["Host"] = "site.example" },
        });
        features.Set<IHttpResponseFeature>(new HttpResponseFeature());
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(_sent));
        features.Set<IHttpRequestLifetimeFeature>(new HttpRequestLifetimeFeature { RequestAborted = _aborted.Token });
        features.Set<IHttpResetFeature>(_resets);
        return new Http2Exchange(features, new Lifecycle(), Sample.World(1).Current);
    }

    private sealed class Resets : IHttpResetFeature
    {
        public List<int> Codes { get; } = [];

        public void Reset(int errorCode) => Codes.Add(errorCode);
    }
}
