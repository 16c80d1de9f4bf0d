namespace MiniLB.Tests.Journeys.Http2.Rows;

/// <summary>Every row, by its name.</summary>
internal static class AllRows
{
    public static readonly IReadOnlyDictionary<string, Row> ByName = new[]
        {
            FieldNameRows.All, FieldValueRows.All, ConnectionFieldRows.All, ContentLengthRows.All, AuthorityRows.All,
            PseudoFieldRows.All, PathRows.All, MethodRows.All, TrailerRows.All, AnswerRows.All, StreamFrameRows.All,
            SettingsRows.All, WindowRows.All, HeaderBlockRows.All, SizeRows.All,
        }
        .SelectMany(rows => rows).ToDictionary(r => r.Name);
}
