using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace MiniLB.Load.Self;

/// <summary>A program that we started, and what it says.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly StringBuilder _said = new();

    private ChildProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, e) => Hear(e.Data);
        process.ErrorDataReceived += (_, e) => Hear(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Starts a program: a native file, or an assembly (.dll) that dotnet runs.</summary>
    public static ChildProcess Start(string file, IEnumerable<string> arguments)
    {
        var isAssembly = file.EndsWith(".dll", StringComparison.Ordinal);
        var start = new ProcessStartInfo(isAssembly ? Environment.ProcessPath is { } host
            && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet" : file)
        {
            // A sample backend ends when our end of its input does, even if we are killed.
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in isAssembly ? arguments.Prepend(file) : arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return new ChildProcess(Process.Start(start)!);
    }

    /// <summary>Waits until it has said something.</summary>
    /// <exception cref="InvalidOperationException">It ended, or said nothing of the kind in time.</exception>
    public async Task<Match> SaysAsync(Regex what)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            var hasExited = _process.HasExited;
            var said = Said();
            if (what.Match(said) is { Success: true } match)
            {
                return match;
            }

            if (hasExited || Stopwatch.GetElapsedTime(start) > StartLimit)
            {
                throw new InvalidOperationException(
                    $"{_process.StartInfo.FileName} {(hasExited ? "ended" : "did not start")}: {said.Trim()}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10));
        }
    }

    /// <summary>Ends it at once, as a crash would.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to end (TERM) and waits until it has.</summary>
    public async Task StopAsync()
    {
        using (var kill = Process.Start("/bin/sh", ["-c", $"kill -TERM {_process.Id}"]))
        {
            await kill.WaitForExitAsync();
        }

        await _process.WaitForExitAsync();
    }

    /// <summary>Waits until it has ended by itself.</summary>
    /// <exception cref="InvalidOperationException">It did not end with 0.</exception>
    public async Task EndAsync()
    {
        await _process.WaitForExitAsync();
        if (_process.ExitCode != 0)
        {
            throw new InvalidOperationException(
                $"{_process.StartInfo.FileName} {string.Join(' ', _process.StartInfo.ArgumentList)}: {Said().Trim()}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private string Said()
    {
        lock (_said)
        {
            return _said.ToString();
        }
    }

    private void Hear(string? line)
    {
        lock (_said)
        {
            // The start is what anybody waits for, or the reason of an early end; a long run must not fill the memory.
            if (line is not null && _said.Length < 64 * 1024)
            {
                _said.AppendLine(line);
            }
        }
    }
}
