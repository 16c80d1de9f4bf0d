using System.Globalization;
using System.Text;

namespace MiniLB.Tests.Fuzzing.Scripts;

/// <summary>A case as a text file that a person can read, write and keep in the corpus.</summary>
/// <remarks>"client" and "answer N" begin a script; each other line is a step; a line that begins with + goes on with
/// the bytes of the step above it; # begins a comment.</remarks>
internal static class CaseText
{
    public static string Write(FuzzCase fuzzCase, string comment)
    {
        var text = new StringBuilder();
        foreach (var line in comment.Split('\n'))
        {
            text.Append("# ").Append(line).Append('\n');
        }

        text.Append("client\n");
        WriteSteps(text, fuzzCase.Client);
        for (var i = 0; i < fuzzCase.Answers.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"answer {i}\n");
            WriteSteps(text, fuzzCase.Answers[i]);
        }

        return text.ToString();
    }

    public static FuzzCase Read(string name, string text)
    {
        var client = new List<Step>();
        var answers = new List<List<Step>>();
        var steps = client;
        foreach (var line in text.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#'))
        {
            if (line == "client")
            {
                steps = client;
            }
            else if (line.StartsWith("answer ", StringComparison.Ordinal))
            {
                steps = [];
                answers.Add(steps);
            }
            else if (line[0] == '+')
            {
                steps[^1] = Step.Send([.. steps[^1].Bytes, .. Escaped.Read(line[1..].Trim())]);
            }
            else
            {
                steps.Add(ReadStep(line));
            }
        }

        return new FuzzCase(name, client, answers);
    }

    private static Step ReadStep(string line)
    {
        var parts = line.Split(' ', 2);
        var kind = Enum.Parse<StepKind>(parts[0], ignoreCase: true);
        return kind == StepKind.Send
            ? Step.Send(Escaped.Read(parts[1]))
            : Step.Of(kind, parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0);
    }

    private static void WriteSteps(StringBuilder text, IEnumerable<Step> steps)
    {
        foreach (var step in steps)
        {
            text.Append(step.Kind.ToString().ToLowerInvariant());
            if (step.Kind == StepKind.Send)
            {
                text.Append(' ').AppendJoin("\n  + ", Escaped.Pieces(step.Bytes).DefaultIfEmpty("\"\""));
            }
            else if (step.Count > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $" {step.Count}");
            }

            text.Append('\n');
        }
    }
}
