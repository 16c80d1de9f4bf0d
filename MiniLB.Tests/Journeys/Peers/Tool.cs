using System.Diagnostics;
using System.Text;

namespace MiniLB.Tests.Journeys.Peers;

/// <summary>One finished run of a program from the system's packages; where it is missing the test fails.</summary>
internal sealed record Tool(int ExitCode, string Output, string Errors)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static ProcessStartInfo Command(string name, params string[] arguments)
    {
        var folders = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/usr/bin".Split(':');
        var file = folders.Select(f => Path.Combine(f, name)).FirstOrDefault(File.Exists);
        Assert.True(file is not null, $"{name} is not installed");
        return new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.Latin1,
            StandardErrorEncoding = Encoding.Latin1,
        };
    }

    public static Task<Tool> RunAsync(string name, params string[] arguments) => RunAsync([], name, arguments);

    /// <param name="input">What the tool finds on its standard input.</param>
    /// <param name="name">The tool.</param>
    /// <param name="arguments">Its arguments.</param>
    public static async Task<Tool> RunAsync(byte[] input, string name, params string[] arguments)
    {
        using var process = Process.Start(Command(name, arguments))!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(Limit);
        try
        {
            await WriteAsync(process, input, deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{name} did not end within {Limit.TotalSeconds} s: {await output} {await errors}");
        }

        return new Tool(process.ExitCode, await output, await errors);
    }

    private static async Task WriteAsync(Process process, byte[] input, CancellationToken cancellation)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input, cancellation);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The tool has closed its input: what it made of that is seen in how it ended.
        }
    }
}
