using System.Text;
using MiniLB.Config.Options;
using MiniLB.Wire;

namespace MiniLB.RequestPath.Forward;

/// <summary>Changes the fields that are passed on, as rules and hooks say.</summary>
/// <remarks>A line that is taken away is held, and a new one comes last and is known as that: look-ups by
/// <see cref="FieldId"/> keep finding what was received, which is what the access log tells and the exchange goes
/// by.</remarks>
internal static class FieldChanges
{
    public static void Apply(HeaderRuleOptions rules, FieldList fields)
    {
        foreach (var name in rules.Gone)
        {
            Remove(fields, name);
        }

        foreach (var line in rules.Come)
        {
            Add(fields, line.NameBytes.Span, line.ValueBytes.Span);
        }
    }

    public static void Remove(FieldList fields, ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < fields.Count; i++)
        {
            if (Ascii.EqualsIgnoreCase(fields[i].Name, name))
            {
                fields.Hold(i);
            }
        }
    }

    // Credentials are the exception: they say whose a backend connection is, whoever added them.
    public static void Add(FieldList fields, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => fields.Add(
        name, value, FieldNames.Identify(name) == FieldId.Authorization ? FieldId.Authorization : FieldId.Added);
}
