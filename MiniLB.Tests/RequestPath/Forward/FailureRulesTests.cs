using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using MiniLB.RequestPath.Forward;
using MiniLB.Transport;

namespace MiniLB.Tests.RequestPath.Forward;

public sealed class FailureRulesTests
{
    public static TheoryData<Exception, string> Failures => new()
    {
        { new BackendClosedException(sent: false, reused: true, null), "StaleUnsent" },
        { new BackendClosedException(sent: false, reused: false, null), "StaleUnsent" },
        { new BackendClosedException(sent: true, reused: true, null), "StaleSent" },
        { new BackendClosedException(sent: true, reused: false, null), "BackendClosed" },
        { new HttpRequestException("", new BackendClosedException(sent: true, reused: true, null)), "StaleSent" },
        { new HttpRequestException(HttpRequestError.ConnectionError, "", new SocketException(111)), "ConnectFailed" },
        { new HttpRequestException(HttpRequestError.NameResolutionError), "ConnectFailed" },
        { new HttpRequestException(HttpRequestError.SecureConnectionError), "ConnectFailed" },
        { new HttpRequestException(HttpRequestError.InvalidResponse), "ResponseHeadInvalid" },
        { new HttpRequestException(HttpRequestError.ResponseEnded), "ResponseHeadInvalid" },
        { new HttpRequestException(HttpRequestError.ConfigurationLimitExceeded), "ResponseHeadInvalid" },
        { new HttpRequestException("", new HttpRequestException(HttpRequestError.ConnectionError)), "ConnectFailed" },
        { new InvalidOperationException(), "BackendClosed" },
    };

    [Theory]
    [MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public void Exception_OfARequestWithoutBody_IsNamed(Exception exception, string error) =>
        Assert.Equal(error, FailureRules.Name(exception, new ExchangeTimer(), body: null).ToString());

    [Fact]
    public void FiredTimer_IsTheFailure_WhateverWasThrown()
    {
        var timer = new ExchangeTimer();
        timer.ClientHasGone();

        Assert.Equal(ForwardError.ClientGone,
            FailureRules.Name(new BackendClosedException(sent: true, reused: false, null), timer, null));
    }

    [Fact]
    public async Task BackendThatClosed_AfterBytesOfTheBody_DidNotTakeIt()
    {
        var body = await Send(PipeReader.Create(new ReadOnlySequence<byte>([1, 2, 3])));

        Assert.True(body.IsTouched);
        Assert.Equal(ForwardError.RequestBodyNotTaken,
            FailureRules.Name(new BackendClosedException(sent: true, reused: true, null), new ExchangeTimer(), body));
    }

    [Fact]
    public async Task BackendThatClosed_BeforeAnyByteOfTheBody_WasStale()
    {
        var body = await Send(PipeReader.Create(ReadOnlySequence<byte>.Empty));

        Assert.False(body.IsTouched);
        Assert.Equal(ForwardError.StaleSent,
            FailureRules.Name(new BackendClosedException(sent: true, reused: true, null), new ExchangeTimer(), body));
    }

    public static TheoryData<Exception, string> ClientFailures => new()
    {
        { new BadHttpRequestException("", 408), "RequestBodyTimeout" },
        { new BadHttpRequestException("", 413), "RequestBodyTooLarge" },
        { new BadHttpRequestException("", 400), "RequestBodyInvalid" },
        { new ConnectionResetException(""), "ClientGone" },
        { new ConnectionAbortedException(), "ClientGone" },
        { new IOException(), "ClientGone" },
    };

    [Theory]
    [MemberData(nameof(ClientFailures), DisableDiscoveryEnumeration = true)]
    public async Task ClientsBody_ThatFails_IsTheFailure_WhateverTheBackendDidThen(Exception thrown, string error)
    {
        var body = await Send(new FailingReader(thrown));

        Assert.Equal(error, FailureRules.Name(
            new BackendClosedException(sent: true, reused: false, null), new ExchangeTimer(), body).ToString());
    }

    private static async Task<RequestBodyContent> Send(PipeReader reader)
    {
        var body = new RequestBodyContent(TestExchange.WithBody(reader));
        await Record.ExceptionAsync(() => body.CopyToAsync(Stream.Null, null, CancellationToken.None));
        return body;
    }

    private sealed class FailingReader(Exception thrown) : PipeReader
    {
        public override void AdvanceTo(SequencePosition consumed)
        {
        }

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
        {
        }

        public override void CancelPendingRead()
        {
        }

        public override void Complete(Exception? exception = null)
        {
        }

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
            ValueTask.FromException<ReadResult>(thrown);

        public override bool TryRead(out ReadResult result) => throw thrown;
    }
}
