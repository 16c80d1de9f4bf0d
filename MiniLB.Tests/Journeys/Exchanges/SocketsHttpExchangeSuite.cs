using MiniLB.Tests.Journeys.Exchanges.Running;
using MiniLB.Tests.Journeys.Exchanges.Table;

namespace MiniLB.Tests.Journeys.Exchanges;

/// <summary>What holds of the table where .NET's client speaks to the backends: all but what docs/http.md says of
/// it.</summary>
public sealed class SocketsHttpExchangeSuite(SocketsHttpBenches benches) : IClassFixture<SocketsHttpBenches>
{
    // Topics that it knows nothing of: interim answers end at it, so that a client is told to go on before the backend
    // has said so; trailers of requests are not sent, those of answers are not checked. And the rows that wait.
    private static readonly string[] Topics = ["interim", "expect", "trailers", "slow"];

    // Rows of the others that do not hold.
    private static readonly string[] Rows =
    [
        // The answer is awaited until the body is sent.
        "abort/reset-behind-interim", "abort/reset-in-both",
        // Lines of one field are joined.
        "faithful/cookies-apart", "faithful/lines-apart", "header-rules/add",
        // What one answer came on is closed, when it is refused, with all others: some seconds later.
        "limits/response-fields", "response-framing/both", "response-framing/both-chunked-first",
        "response-framing/chunked-gzip", "response-framing/chunked-twice", "response-framing/gzip-chunked",
        "response-framing/length-twice", "response-framing/lengths-differ",
        "response-syntax/field-control", "response-syntax/field-delete", "response-syntax/status-099",
        "response-syntax/status-zero",
        // HTTP/1.0 without a word is taken for a connection that stays.
        "persistence/not-kept-1-0",
        // What nobody has answered is sent again where its method allows that, on any connection.
        "repeat/head-begun-not-repeated", "repeat/new-connection", "response-syntax/no-answer",
        // A connection is one client's from a login on, not from the question for one.
        "sharing/asks-in-list", "sharing/asks-lower-case", "sharing/asks-negotiate", "sharing/asks-ntlm",
        "sharing/asks-with-token", "sharing/client-leaves", "sharing/same-client",
        // Comes on a connection of our own client.
        "repeat/lower-case-not-repeated",
        // LF alone ends a line, and other things that it overlooks in what a backend says.
        "response-break/data-lf", "response-break/extension-lf", "response-break/extension-too-long",
        "response-break/last-lf", "response-break/line-lf", "response-break/size-all-ones",
        "response-break/size-space",
        "response-syntax/all-lf", "response-syntax/field-bare-cr", "response-syntax/field-bare-lf",
        "response-syntax/field-folded", "response-syntax/field-nul", "response-syntax/field-space-before-colon",
        "response-syntax/reason-control", "response-syntax/status-line-lf",
    ];

    public static TheoryData<string> Names => ExchangeTable.Names(r => !Topics.Contains(r.Topic)
        && !Rows.Contains(r.ToString()));

    [Theory]
    [MemberData(nameof(Names))]
    public Task Exchange_IsPassedOnExactlyOrRefused(string name) => benches.RunAsync(ExchangeTable.Named(name));

    [Fact]
    public void WhatIsLeftOut_IsThere() => Assert.All(Rows, r => ExchangeTable.Named(r));
}

/// <summary>As <see cref="ExchangeBenches"/>, with .NET's client.</summary>
public sealed class SocketsHttpBenches : IAsyncLifetime
{
    private BenchSet Benches { get; } = new(null, "pools.default.forwarder=socketsHttpHandler");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await Benches.DisposeAsync();

    internal Task RunAsync(ExchangeRow row) => Benches.RunAsync(row);
}
