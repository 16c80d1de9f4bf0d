using MiniLB.BackgroundLoops.Upgrade;

namespace MiniLB.Tests.BackgroundLoops.Upgrade;

public sealed class ReplacementRulesTests
{
    [Theory]
    [InlineData(1, "", "", null)]
    [InlineData(7, "tini", "", null)]
    [InlineData(7, "docker-init", "", null)]
    [InlineData(7, "sh", "", null)] // a script without exec
    [InlineData(7, "", "KUBERNETES_SERVICE_HOST=10.0.0.1", null)]
    [InlineData(1, "", "NOTIFY_SOCKET=/run/n", null)]
    [InlineData(7, "systemd", "SYSTEMD_EXEC_PID=7", "Type=notify")]
    [InlineData(7, "systemd", "SYSTEMD_EXEC_PID=7;NOTIFY_SOCKET=", "Type=notify")]
    public void ProcessWhoseEndEndsWhatItRunsIn_IsNotReplaced(int process, string parent, string variables, string? why) =>
        Assert.Contains(why ?? "replace the container", ReplacementRules.Refuse(process, parent, Read(variables)),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("", "")]
    [InlineData("systemd", "")] // a service of Type=forking, say
    [InlineData("init", "")]
    [InlineData("systemd", "SYSTEMD_EXEC_PID=7;NOTIFY_SOCKET=/run/n")]
    [InlineData("", "SYSTEMD_EXEC_PID=6")] // somebody above us is a service
    [InlineData("", "KUBERNETES_SERVICE_HOST=")]
    public void AnyOther_IsReplaced(string parent, string variables) =>
        Assert.Null(ReplacementRules.Refuse(7, parent, Read(variables)));

    [Fact]
    public void Parent_IsReadFromTheSystem() =>
        Assert.DoesNotContain('\n', ReplacementRules.ReadParent());

    private static Func<string, string?> Read(string variables) => name => variables.Split(';')
        .Where(v => v.StartsWith(name + "=", StringComparison.Ordinal))
        .Select(v => v[(name.Length + 1)..]).FirstOrDefault();
}
