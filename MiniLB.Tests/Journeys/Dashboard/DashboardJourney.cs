using Microsoft.Playwright;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Dashboard;

/// <summary>The dashboard in a real browser: it shows what happens as it happens, and does what its buttons
/// say.</summary>
public sealed class DashboardJourney(Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task Certificate_ThatExpiresSoon_StandsFirstAndStandsOut()
    {
        await using var rig = await Tls.TlsRig.StartAsync();
        rig.Write("site", rig.Authority.Issue("CN=site", ["site.test"], days: 9.5));
        await using var page = await browser.PageAsync();

        await page.OpenAsync(rig.Program.AdminUrl);
        await page.Page.Locator("#certificates li").First.Locator("b.warn").GetByText("9 days").WaitForAsync();

        Assert.Equal(2, await page.Page.Locator("#certificates li").CountAsync());
    }

    [Fact]
    public async Task BackendThatGoesDown_IsShownWithItsReason_AndSoIsItsReturn()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var program = await BalanceAsync(backend.Url);
        await using var page = await (await browser.PageAsync()).OpenAsync(program.AdminUrl);
        await page.Text("1 backend, up").WaitForAsync();

        await backend.KillAsync();
        await page.Row(backend.Url).Filter(new() { HasTextRegex = new("down.*refused") }).WaitForAsync();
        await Eventually.True(
            async () => await page.Page.TitleAsync() == "1 not up · MiniLB", "the title of a page in the background");
        await page.Page.Locator("#flips li").Filter(new() { HasTextRegex = new("down.*refused") }).First.WaitForAsync();
        await backend.StartAgainAsync();

        await page.Text("1 backend, up").WaitForAsync();
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Drain_ByKeyboard_IsDoneAndCanBeUndone()
    {
        await using var one = await TestBackend.StartAsync();
        await using var other = await TestBackend.StartAsync();
        await using var program = await BalanceAsync(one.Url, other.Url);
        await using var page = await (await browser.PageAsync()).OpenAsync(program.AdminUrl);
        var name = new Uri(one.Url).Authority;

        await page.Button("Drain " + one.Url).FocusAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await AdminOf.SeesAsync(program, name, b => b.Mode == "draining", "the drain");
        await page.Row(one.Url).Filter(new() { HasText = "draining" }).WaitForAsync();
        // The button that was pressed is gone: the focus is at the one in its place.
        Assert.Equal("Enable " + one.Url, await page.Page.EvaluateAsync<string>("document.activeElement.ariaLabel"));
        await page.Page.Keyboard.PressAsync("Enter");
        await AdminOf.SeesAsync(program, name, b => b.Mode == "enabled", "the return");
        await page.Button("Disable " + one.Url).ClickAsync();

        await AdminOf.SeesAsync(program, name, b => b.Mode == "disabled", "the end");
        await page.Row(one.Url).Filter(new() { HasText = "disabled" }).WaitForAsync();
        Assert.Empty(page.Complaints);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task LastBackendOfAPool_IsTakenOutAfterAQuestion(bool accepts, bool staysEnabled)
    {
        await using var backend = await TestBackend.StartAsync();
        await using var program = await BalanceAsync(backend.Url);
        await using var page = await (await browser.PageAsync()).OpenAsync(program.AdminUrl);
        var asked = new TaskCompletionSource<string>();
        page.Page.Dialog += async (_, dialog) =>
        {
            await (accepts ? dialog.AcceptAsync() : dialog.DismissAsync());
            asked.SetResult(dialog.Message);
        };

        await page.Button("Drain " + backend.Url).ClickAsync();

        Assert.Contains("is the last that serves default", await asked.Task, StringComparison.Ordinal);
        await page.Button((staysEnabled ? "Drain " : "Enable ") + backend.Url).WaitForAsync();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280, "rgb(246, 247, 249)")]
    [InlineData(ColorScheme.Dark, 1280, "rgb(17, 21, 26)")]
    [InlineData(ColorScheme.Light, 360, "rgb(246, 247, 249)")]
    [InlineData(ColorScheme.Dark, 360, "rgb(17, 21, 26)")]
    public async Task Page_FitsTheReader_WithoutAComplaint(ColorScheme scheme, int width, string background)
    {
        await using var program = await BalanceAsync(FailoverJourney.DeadUrl(), FailoverJourney.DeadUrl());
        await using var page = await (await browser.PageAsync(scheme, width)).OpenAsync(program.AdminUrl);
        await page.Text("0 of 2 backends up").WaitForAsync();

        Assert.Equal(background,
            await page.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
        Assert.Equal(width, await page.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.True(await page.Button("Drain " + await FirstAsync(page)).IsVisibleAsync());
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task HundredBackends_AreShown_AndCanBeFiltered()
    {
        var urls = Enumerable.Range(1, 100).Select(i => $"http://127.0.0.1:{i}").ToArray();
        await using var program = await RunningProgram.BalanceAsync([
            "--set", "pools.default.healthCheck.enabled=false", .. urls.SelectMany(u => new[] { "--backend", u })]);
        await using var page = await (await browser.PageAsync()).OpenAsync(program.AdminUrl);
        await page.Text("100 backends, all up").WaitForAsync();

        await page.Page.GetByLabel("Filter backends by name").FillAsync("0.1:77");
        Assert.Equal(["http://127.0.0.1:77"], await page.Page.Locator(".url:visible").AllTextContentsAsync());
        await page.Page.GetByLabel("Filter backends by name").FillAsync("");
        Assert.Equal(urls, await page.Page.Locator(".url:visible").AllTextContentsAsync());
        await page.Button("Only those not up").ClickAsync();

        Assert.Equal([], await page.Page.Locator(".url:visible").AllTextContentsAsync());
        Assert.True(await page.Text("No backend matches.").IsVisibleAsync());
    }

    [Fact]
    public async Task BalancerThatHasGone_IsSaid_UntilItIsBack()
    {
        var program = await BalanceAsync(FailoverJourney.DeadUrl());
        var admin = program.AdminUrl;
        await using var page = await (await browser.PageAsync()).OpenAsync(admin);
        await page.Text("0 of 1 backends up").WaitForAsync();

        await program.DisposeAsync();
        await page.Text("The connection to the balancer is lost").WaitForAsync();
        Assert.Equal("not connected", await page.Page.Locator("#live-text").TextContentAsync());
        await using var again = RunningProgram.Start(
            "--listen", "127.0.0.1:0", "--admin", admin.Authority, "--backend", FailoverJourney.DeadUrl());
        await again.WaitUntilServingAsync();

        await page.Page.GetByText("live", new() { Exact = true }).WaitForAsync();
        Assert.False(await page.Text("The connection to the balancer is lost").IsVisibleAsync());
    }

    private static Task<RunningProgram> BalanceAsync(params string[] backends) => RunningProgram.BalanceAsync([
        "--set", "pools.default.healthCheck.interval=100ms", "--set", "pools.default.healthCheck.downInterval=100ms",
        "--set", "pools.default.healthCheck.fastInterval=50ms", .. backends.SelectMany(b => new[] { "--backend", b })]);

    private static async Task<string> FirstAsync(BrowserPage page) =>
        (await page.Page.Locator(".name .url").First.TextContentAsync())!;
}
