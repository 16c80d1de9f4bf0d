using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace MiniLB.Tests.Journeys.Harness;

/// <summary>One process of the program, its output, and its end.</summary>
internal sealed partial class RunningProgram : IAsyncDisposable
{
    private static readonly TimeSpan EndDeadline = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();

    private RunningProgram(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) => Append(_output, e.Data);
        _process.ErrorDataReceived += (_, e) => Append(_errors, e.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public string Output => Read(_output);

    public string Errors => Read(_errors);

    /// <summary>The first address served to clients, from the start line.</summary>
    public Uri Url { get; private set; } = new("http://unknown");

    /// <summary>The admin address, from the start line.</summary>
    public Uri AdminUrl { get; private set; } = new("http://unknown");

    /// <summary>Starts a command and does not wait for anything.</summary>
    public static RunningProgram Start(params string[] arguments) => new(ProgramUnderTest.Command(arguments));

    public static RunningProgram Start(ProcessStartInfo start) => new(start);

    public static RunningProgram Start(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = ProgramUnderTest.Command(arguments);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new RunningProgram(start);
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<RunningProgram> RunAsync(params string[] arguments)
    {
        var program = Start(arguments);
        await program.WaitForEndAsync();
        return program;
    }

    /// <summary>Starts a balancer on ports that the system chooses and waits until it serves.</summary>
    public static async Task<RunningProgram> BalanceAsync(params string[] arguments)
    {
        var program = Start(["--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", .. arguments]);
        await program.WaitUntilServingAsync();
        return program;
    }

    public async Task WaitUntilServingAsync()
    {
        await Eventually.True(() => HasExited || StartLine().IsMatch(Errors), "the start line", () => Errors);
        var match = StartLine().Match(Errors);
        Assert.True(match.Success, $"the program ended: {Errors}");
        Url = AsUrl(match.Groups["client"].Value);
        AdminUrl = AsUrl(match.Groups["admin"].Value);
    }

    /// <summary>Waits for a text in the log.</summary>
    public Task SaysAsync(string text) =>
        Eventually.True(() => Errors.Contains(text, StringComparison.Ordinal), $"'{text}' in the log", () => Errors);

    /// <summary>Fails, and shows what was said, where the log tells of an exception that nobody expected.</summary>
    public void SaysNothingOfExceptions()
    {
        var errors = Errors;
        Assert.True(!errors.Contains("xception", StringComparison.Ordinal), errors);
    }

    public void Signal(string name)
    {
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -{name} {Id}"]);
        kill.WaitForExit();
    }

    public async Task<int> WaitForEndAsync()
    {
        using var deadline = new CancellationTokenSource(EndDeadline);
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    public async Task<int> StopAsync()
    {
        Signal("TERM");
        return await WaitForEndAsync();
    }

    public ValueTask DisposeAsync()
    {
        _process.End();
        return default;
    }

    private static void Append(StringBuilder to, string? line)
    {
        if (line is not null)
        {
            lock (to)
            {
                to.AppendLine(line);
            }
        }
    }

    private static string Read(StringBuilder from)
    {
        lock (from)
        {
            return from.ToString();
        }
    }

    private static Uri AsUrl(string address) =>
        new(address.StartsWith("http", StringComparison.Ordinal) ? address : "http://localhost");

    [GeneratedRegex(@"minilb \S+ listens on (?<client>[^,;]+).*?; admin (?<admin>[^;]+); ")]
    private static partial Regex StartLine();
}
