using System.Text;
using MiniLB.Wire;

namespace MiniLB.RequestPath.Forward;

/// <summary>Tells exchanges after which a backend knows the client by the connection.</summary>
internal static class PersonalRules
{
    public static bool MakesPersonal(FieldList request, FieldList response) =>
        Names(request, FieldId.Authorization) || Names(response, FieldId.WwwAuthenticate);

    private static bool Names(FieldList fields, FieldId id)
    {
        for (var i = 0; fields.Has(id) && i < fields.Count; i++)
        {
            var field = fields[i];
            if (field.Id == id && AnyIsOfConnections(field.Value))
            {
                return true;
            }
        }

        return false;
    }

    // Challenges come one a line or as a list; a comma inside one splits it, which at worst shares less.
    private static bool AnyIsOfConnections(ReadOnlySpan<byte> challenges)
    {
        foreach (var range in challenges.Split((byte)','))
        {
            if (IsOfConnections(ListSyntax.FirstWord(challenges[range].Trim(" \t"u8))))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsOfConnections(ReadOnlySpan<byte> scheme) =>
        Ascii.EqualsIgnoreCase(scheme, "NTLM"u8) || Ascii.EqualsIgnoreCase(scheme, "Negotiate"u8);
}
