using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Dashboard;

/// <summary>The dashboard asks for the token where one is wanted and tells it to nobody else; what strangers have
/// written is shown and never run.</summary>
public sealed class DashboardSecurityJourney(Browser browser) : IClassFixture<Browser>
{
    private const string Right = "correct-horse-battery-staple";
    private const string Hostile = "<img src=x onerror=document.title='hit'>";

    [Fact]
    public async Task Token_IsAskedForOnceItIsWanted_AndGoesIntoNoUrl()
    {
        await using var program = RunningProgram.Start(
            new Dictionary<string, string> { ["MINILB_ADMIN__TOKEN"] = Right },
            "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--backend", FailoverJourney.DeadUrl());
        await program.WaitUntilServingAsync();
        await using var page = await browser.PageAsync();
        var urls = new ConcurrentQueue<string>();
        page.Page.Request += (_, request) => urls.Enqueue(request.Url);
        var token = page.Page.GetByRole(AriaRole.Textbox, new() { Name = "Token" });

        await page.OpenAsync(program.AdminUrl);
        await token.FillAsync("wrong");
        await page.Page.Keyboard.PressAsync("Enter");
        await page.Text("That is not its token").WaitForAsync();
        await token.FillAsync(Right);
        await page.Button("Continue").ClickAsync();
        await page.Text("0 of 1 backends up").WaitForAsync();
        await page.Page.ReloadAsync();
        await page.Text("0 of 1 backends up").WaitForAsync();

        Assert.False(await token.IsVisibleAsync());
        Assert.DoesNotContain(urls, u => u.Contains(Right, StringComparison.Ordinal));
        Assert.Empty(await page.Page.Context.CookiesAsync());
    }

    [Fact]
    public async Task Token_ThatIsNotGiven_IsAskedForAgainOnlyByTheReader()
    {
        await using var program = await RunningProgram.BalanceAsync("--backend", FailoverJourney.DeadUrl());
        await using var page = await browser.PageAsync();
        await page.Page.RouteAsync(
            new Regex("/events$"), route => route.FulfillAsync(new() { Status = 401, Body = "{}" }));
        await page.OpenAsync(program.AdminUrl);

        await page.Button("Cancel").ClickAsync();
        await page.Text("The token is missing").WaitForAsync();
        await page.Button("Try now").ClickAsync();

        await page.Button("Cancel").WaitForAsync();
    }

    [Fact]
    public async Task WhatStrangersHaveWritten_IsShownAsText()
    {
        await using var program = await RunningProgram.BalanceAsync("--backend", FailoverJourney.DeadUrl());
        await using var page = await browser.PageAsync();
        await page.Page.RouteAsync(new Regex("/events$"), route => route.FulfillAsync(new()
        {
            ContentType = "text/event-stream",
            Body = "data: " + Stats + "\n\n",
        }));
        await page.Page.RouteAsync(new Regex("/failures$"), route => route.FulfillAsync(new()
        {
            ContentType = "application/json",
            Body = $$"""
                {"failures":[{"time":"2026-01-01T00:00:00Z","requestId":"{{Hostile}}","client":"{{Hostile}}",
                 "method":"{{Hostile}}","target":"/{{Hostile}}","status":502,"why":"{{Hostile}}",
                 "tries":[{"backend":"{{Hostile}}","outcome":"{{Hostile}}"}]}]}
                """,
        }));

        await page.OpenAsync(program.AdminUrl);
        await page.Page.Locator("#failures").GetByText("/" + Hostile).WaitForAsync();

        Assert.Equal(Hostile, await page.Page.Locator("h3").TextContentAsync());
        Assert.Equal(Hostile, await page.Page.Locator(".name .url").TextContentAsync());
        Assert.Contains(Hostile, await page.Page.Locator("#flips").TextContentAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await page.Page.Locator("img").CountAsync());
        Assert.DoesNotContain("hit", await page.Page.TitleAsync(), StringComparison.Ordinal);
        Assert.Empty(page.Complaints);
    }

    private static string Stats => $$$"""
        {"time":"2026-01-01T00:00:00Z","version":"{{{Hostile}}}","uptimeSeconds":1,"ready":true,"requests":1,"failures":1,
        "retries":0,"inFlight":0,"bytesIn":0,"bytesOut":0,"connections":0,"rates":{"s1":0,"m1":0,"m15":0},
        "latency":{"p50":0,"p90":0,"p99":0,"p999":0},"pools":[{"pool":"{{{Hostile}}}","strategy":"{{{Hostile}}}",
        "waiting":0,"requests":1,"failures":1,"retries":0,"inFlight":0,"rates":{"s1":0,"m1":0,"m15":0},
        "latency":{"p50":0,"p90":0,"p99":0,"p999":0},"backends":[{"pool":"{{{Hostile}}}","url":"{{{Hostile}}}",
        "mode":"enabled","alive":false,"available":false,"weight":1,"backup":false,"inFlight":0,"connections":0,
        "tunnels":0,"sends":1,"failures":1,"ejected":null,"circuit":null,"state":"{{{Hostile}}}","reason":"{{{Hostile}}}",
        "since":"2026-01-01T00:00:00Z","share":0,"requests":1,"retries":0,"bytesIn":0,"bytesOut":0,
        "rates":{"s1":0,"m1":0,"m15":0},"latency":{"p50":0,"p90":0,"p99":0,"p999":0},
        "errors":[{"time":"2026-01-01T00:00:00Z","reason":"{{{Hostile}}}","method":"GET","target":"{{{Hostile}}}"}]}]}],
        "flips":[{"time":"2026-01-01T00:00:00Z","pool":"{{{Hostile}}}","url":"{{{Hostile}}}","up":false,
        "reason":"{{{Hostile}}}"}]}
        """.ReplaceLineEndings("");
}
