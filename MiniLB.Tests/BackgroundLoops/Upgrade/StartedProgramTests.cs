using MiniLB.BackgroundLoops.Upgrade;

namespace MiniLB.Tests.BackgroundLoops.Upgrade;

public sealed class StartedProgramTests
{
    [Fact]
    public void Again_IsWhatWasStarted()
    {
        var words = File.ReadAllText("/proc/self/cmdline").Split('\0')[..^1];

        var program = StartedProgram.Read()!;
        var again = program.Again();

        Assert.True(Path.IsPathRooted(program.Path) && File.Exists(program.Path), program.Path);
        Assert.Equal(Path.GetFileName(words[0]), Path.GetFileName(program.Path));
        Assert.Equal(words[1..], again.ArgumentList);
        Assert.False(again.UseShellExecute);
    }

    [Theory]
    [InlineData("LISTEN_PID")]
    [InlineData("LISTEN_FDS")]
    [InlineData("WATCHDOG_PID")]
    [InlineData("SYSTEMD_EXEC_PID")]
    public void WhatNamesThisProcess_IsNotPassedOn(string name)
    {
        Environment.SetEnvironmentVariable(name, "0");
        try
        {
            Assert.DoesNotContain(name, StartedProgram.Read()!.Again().Environment.Keys);
        }
        finally
        {
            Environment.SetEnvironmentVariable(name, null);
        }
    }
}
