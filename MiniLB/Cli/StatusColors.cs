namespace MiniLB.Cli;

/// <summary>Colours a state, where there is a terminal that shows colours.</summary>
/// <param name="areShown">False for a file, a pipe, and whoever has set NO_COLOR.</param>
internal sealed class StatusColors(bool areShown)
{
    // https://no-color.org: whatever is set, unless it is nothing.
    public static StatusColors OfTerminal() => new(
        !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") != "dumb");

    /// <param name="text">What is shown, spaces included.</param>
    /// <param name="state">A backend's.</param>
    public string Of(string text, string state) => Paint(text, state switch
    {
        "up" => 32,
        "draining" or "disabled" or "starting" => 33,
        _ => 31,
    });

    public string Bold(string text) => Paint(text, 1);

    public string Dim(string text) => Paint(text, 2);

    private string Paint(string text, int code) => areShown && text.Length > 0 ? $"\e[{code}m{text}\e[0m" : text;
}
