using System.Net;

namespace MiniLB.BackgroundLoops.Discovery;

/// <summary>The names of /etc/hosts and their addresses (hosts(5)).</summary>
internal sealed class HostsFile
{
    private readonly Dictionary<string, List<IPAddress>> _names = new(StringComparer.OrdinalIgnoreCase);

    public static HostsFile Parse(string text)
    {
        var file = new HostsFile();
        foreach (var line in text.Split('\n'))
        {
            var words = line.Split('#')[0].Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words is not [var first, ..] || !IPAddress.TryParse(first, out var address))
            {
                continue;
            }

            foreach (var name in words.Skip(1))
            {
                file.Add(name, address);
            }
        }

        return file;
    }

    /// <returns>The addresses of a name; null where the file does not have it.</returns>
    public IReadOnlyList<IPAddress>? Find(string name) => _names.GetValueOrDefault(name.TrimEnd('.'));

    private void Add(string name, IPAddress address)
    {
        var key = name.TrimEnd('.');
        if (!_names.TryGetValue(key, out var addresses))
        {
            _names[key] = addresses = [];
        }

        addresses.Add(address);
    }
}
