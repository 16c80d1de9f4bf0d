using System.Text;

namespace MiniLB.Tests.Config;

/// <summary>Whatever is done to a file, reading it gives options or errors and never an exception.</summary>
public sealed class MutationTests
{
    private static readonly byte[] Valid = Encoding.UTF8.GetBytes("""
        {
          // a comment with ümlauts
          "listeners": [{"address": ":8080"}, {"address": "[::1]:8081"}, {"address": "unix:/run/minilb.sock"}],
          "statusPath": "/health", "statusDetail": "private",
          "admin": {"address": "127.0.0.1:9901", "hosts": ["ops.example"], "mode": "0600"},
          "pools": {"web": {
            "strategy": "roundRobin",
            "backends": ["http://10.0.0.1:8080", {"url": "https://[::1]:8443", "weight": 3}],
            "healthCheck": {"enabled": true, "path": "/up", "headers": {"X-A": "b"}, "interval": "10s", "jitter": 0.1,
              "rise": 2, "fall": 3, "status": "200-399", "port": 81, "body": "ok", "initial": "probe"},
            "timeouts": {"connect": "5s", "total": 0}, "keepAlive": {"idle": "30s"},
            "limits": {"responseHeaderBytes": "64KiB"}, "retry": {"attempts": 2},
          }},
          "routes": [{"host": "*.a.test", "path": "/v1/*", "methods": ["GET"], "headers": {"X-A": null},
            "split": {"web": 1}, "stripPrefix": "/v1", "addPrefix": "/b", "timeouts": {"total": "1s"}},
            {"path": "/o", "redirect": {"to": "https://{host}{path}{query}", "status": 301}}, {"pool": "web"}],
          "headers": {"request": {"set": {"Host": "a.example", "X-A": "1"}, "add": {"X-B": "2"}, "remove": ["X-C"]},
            "response": {"set": {"X-D": "3"}, "remove": ["Server"]}},
          "trustedProxies": ["10.0.0.0/8", "fd00::/8"],
          "limits": {"connections": 10, "headerBytes": "32KiB", "minBodyRate": 240},
          "timeouts": {"read": "15s", "write": "1.5m"}, "log": {"level": "debug"},
          "accessLog": {"format": "off"}, "shutdown": {"grace": "1h"}
        }
        """);

    private static readonly byte[][] Pieces =
    [
        .. new[]
        {
            "{", "}", "[", "]", "\"", ":", ",", "null", "true", "-1", "1e99", "0", "99999999999999999999", "\\",
            "\\ud800", "-Infinity", "NaN", "/*", "*/", "//", "\n", "\r", "\t", "\0", "ü", "\uFEFF",
            "off", "-Infinitys", "::", "%", "..",
        }.Select(Encoding.UTF8.GetBytes), [0xFF], [0xC3], [0xED, 0xA0, 0x80],
    ];

    [Fact]
    public void Original_HasNoError() => Assert.Empty(Configured.By(Valid).Errors);

    [Fact]
    public void FiveThousandMutations_GiveOptionsOrErrors_NeverAnException()
    {
        var random = new Random(20_240_229);
        for (var i = 0; i < 5_000; i++)
        {
            var text = Mutate(random);
            var failure = Record.Exception(() => Configured.By(text).Errors.Count);

            Assert.True(failure is null, $"{failure}\n{Encoding.UTF8.GetString(text)}");
        }
    }

    [Fact]
    public void EveryTruncation_IsAnErrorOrTheWholeFile()
    {
        for (var length = 0; length < Valid.Length; length++)
        {
            Assert.NotEmpty(Configured.By(Valid[..length]).Errors);
        }
    }

    [Fact]
    public void EveryValueReplaced_ByEachKindOfValue_GivesOptionsOrErrors()
    {
        string[] values =
        [
            "null", "true", "5", "-1", "\"\"", "\"-Infinitys\"", "\"-Infinity\"", "[]", "[[]]", "{}", "{\"a\":{}}",
        ];
        var text = Encoding.UTF8.GetString(Valid);
        for (var colon = text.IndexOf("\": ", StringComparison.Ordinal); colon >= 0;
            colon = text.IndexOf("\": ", colon + 1, StringComparison.Ordinal))
        {
            foreach (var value in values)
            {
                var changed = text[..(colon + 3)] + value + ", \"rest\": " + text[(colon + 3)..];
                var failure = Record.Exception(() => Configured.By(changed).Errors.Count);

                Assert.True(failure is null, $"{failure}\n{changed}");
            }
        }
    }

    private static byte[] Mutate(Random random)
    {
        List<byte> text = [.. Valid];
        for (var changes = random.Next(1, 6); changes > 0; changes--)
        {
            var at = random.Next(text.Count);
            var piece = Pieces[random.Next(Pieces.Length)];
            switch (random.Next(4))
            {
                case 0:
                    text.RemoveRange(at, Math.Min(random.Next(1, 30), text.Count - at));
                    break;
                case 1:
                    text.InsertRange(at, piece);
                    break;
                case 2:
                    text[at] = (byte)random.Next(256);
                    break;
                default:
                    text.RemoveRange(at, Math.Min(piece.Length, text.Count - at));
                    text.InsertRange(at, piece);
                    break;
            }
        }

        return [.. text];
    }
}
