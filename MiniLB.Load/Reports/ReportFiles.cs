using System.Reflection;
using System.Text;

namespace MiniLB.Load.Reports;

/// <summary>Writes report.json and report.html, which needs nothing beside it.</summary>
internal static class ReportFiles
{
    private const string Place = "/*report*/null";

    public static void Write(Report report, DirectoryInfo folder)
    {
        var json = report.ToJson();
        File.WriteAllBytes(Path.Combine(folder.FullName, "report.json"), json);
        File.WriteAllText(Path.Combine(folder.FullName, "report.html"), Html(json));
    }

    // The serializer escapes < and >, so that nothing in the report can end the script that holds it.
    internal static string Html(byte[] json) =>
        Template().Replace(Place, Encoding.UTF8.GetString(json), StringComparison.Ordinal);

    private static string Template()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("report.html")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
