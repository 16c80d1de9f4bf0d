using System.Diagnostics;
using System.Text;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Peers;

/// <summary>A program from the system's packages that runs as long as the test, and what it has said.</summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _said = new();

    public PeerProcess(string name, params string[] arguments)
    {
        _process = new Process { StartInfo = Tool.Command(name, arguments) };
        _process.OutputDataReceived += (_, e) => Append(e.Data);
        _process.ErrorDataReceived += (_, e) => Append(e.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public bool HasExited => _process.HasExited;

    /// <summary>Standard output and standard error, line by line.</summary>
    public string Said
    {
        get
        {
            lock (_said)
            {
                return _said.ToString();
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        _process.End();
        return default;
    }

    private void Append(string? line)
    {
        lock (_said)
        {
            _said.AppendLine(line);
        }
    }
}
