using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using MiniLB.Tests.Journeys.Http2.Backends;
using MiniLB.Tests.Journeys.Http2.Wire;

namespace MiniLB.Tests.Journeys.Http2;

/// <summary>The frames that the journeys write and read are what a known server takes and gives.</summary>
public sealed class FrameWriterTests
{
    [Fact]
    public async Task RawConnection_WithAKnownServer_ExchangesBodiesAndTrailers()
    {
        await using var server = await KestrelBackend.StartAsync(async context =>
        {
            context.Response.DeclareTrailer("x-sum");
            context.Response.Headers["x-a"] = context.Request.Headers["x-a"];
            await context.Request.Body.CopyToAsync(context.Response.Body);
            context.Response.AppendTrailer("x-sum", "42");
        });
        await using var client = await H2Connection.OpenAsync(new Uri(server.Url));
        var body = new byte[3 * 1024 * 1024];
        Random.Shared.NextBytes(body);

        await client.SendAsync(Frame.OpenHeaders(1, Fields.Post("/", ("x-a", new string('a', 300)))));
        await client.SendBodyAsync(1, body);
        var answer = await client.AnswerAsync(1);

        Assert.Equal(200, answer.Status);
        Assert.Equal(new string('a', 300), answer.Of("x-a"));
        Assert.Equal(body, answer.Body.ToArray());
        Assert.Equal([("x-sum", "42")], answer.Trailers!);
    }

    [Fact]
    public void Huffman_OfTheSpecification_IsRead() =>
        // RFC 7541, appendix C.4.1: "www.example.com".
        Assert.Equal("www.example.com", HpackHuffman.Decode(Convert.FromHexString("f1e3c2e5f23a6ba0ab90f4ff")));

    [Fact]
    public void Blocks_OfTheSpecification_AreReadInOrder()
    {
        // RFC 7541, appendix C.6.1 and C.6.2: a dynamic table of 256 bytes, from which the second block evicts.
        var reader = new HpackReader();
        reader.Read(Convert.FromHexString("3fe101"));
        var first = reader.Read(Convert.FromHexString(
            "488264025885aec3771a4b6196d07abe941054d444a8200595040"
            + "b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3"));
        var second = reader.Read(Convert.FromHexString("4883640effc1c0bf"));

        Assert.Equal((":status", "302"), first[0]);
        Assert.Equal(("date", "Mon, 21 Oct 2013 20:13:21 GMT"), first[2]);
        Assert.Equal((":status", "307"), second[0]);
        Assert.Equal(first[1..], second[1..]);
    }
}
