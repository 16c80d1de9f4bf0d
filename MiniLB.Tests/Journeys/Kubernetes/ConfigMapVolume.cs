using MiniLB.Tests.Journeys.Harness;
using MiniLB.Tests.Journeys.Peers;

namespace MiniLB.Tests.Journeys.Kubernetes;

/// <summary>A folder as the kubelet mounts a ConfigMap or a Secret: each file a link into ..data, and that a link to
/// the folder of one revision, which one rename exchanges (AtomicWriter in Kubernetes' source).</summary>
internal sealed class ConfigMapVolume : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _revision;

    public string Path => _folder.Path;

    public string File(string name) => _folder.File(name);

    public async Task WriteAsync(string name, string text)
    {
        var (data, next) = (File("..data"), File("..data_tmp"));
        var before = Directory.Exists(data) ? new DirectoryInfo(data).LinkTarget : null;
        var revision = $"..2026_11_29_08_00_00.{++_revision}";
        Directory.CreateDirectory(File(revision));
        await System.IO.File.WriteAllTextAsync(System.IO.Path.Combine(File(revision), name), text);
        System.IO.File.CreateSymbolicLink(next, revision);
        // The one step that a reader can see, a rename over the old link; .NET has none for links to folders.
        var renamed = await Tool.RunAsync("mv", "-T", next, data);
        Assert.True(renamed.ExitCode == 0, renamed.Errors);
        if (before is null)
        {
            System.IO.File.CreateSymbolicLink(File(name), $"..data/{name}");
        }
        else
        {
            Directory.Delete(File(before), recursive: true);
        }
    }

    public void Dispose() => _folder.Dispose();
}
