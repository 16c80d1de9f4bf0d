using System.Text;
using MiniLB.Wire;

namespace MiniLB.RequestPath.Summarize;

/// <summary>Takes the values of those header fields that the operator wants in the access log. Only copies leave here:
/// the bytes of a head belong to the next request.</summary>
internal sealed class LoggedFields
{
    private readonly byte[][] _names;

    private LoggedFields(IReadOnlyList<string> names) => _names = [.. names.Select(Encoding.ASCII.GetBytes)];

    /// <returns>Null where nothing is wanted.</returns>
    public static LoggedFields? Of(IReadOnlyList<string> names) => names.Count == 0 ? null : new LoggedFields(names);

    /// <returns>As received, one value for each name; null for a field that was not there.</returns>
    public string?[] Received(FieldList fields) => Take(fields, static f => f.Id != FieldId.Added);

    /// <returns>The same of the fields that are passed on; of none where there is no head.</returns>
    public string?[] Passed(FieldList? fields) => Take(fields, static f => f.Passes);

    private string?[] Take(FieldList? fields, FieldChoice choice)
    {
        var values = new string?[_names.Length];
        for (var i = 0; i < fields?.Count; i++)
        {
            var field = fields[i];
            for (var n = 0; choice(field) && n < _names.Length; n++)
            {
                if (Ascii.EqualsIgnoreCase(field.Name, _names[n]))
                {
                    var value = Encoding.Latin1.GetString(field.Value);
                    values[n] = values[n] is { } before ? $"{before}, {value}" : value;
                }
            }
        }

        return values;
    }

    // A field is a view into the list, which no generic delegate can take.
    private delegate bool FieldChoice(FieldLine field);
}
