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
            if (field.Id == id && IsOfConnections(ListSyntax.FirstWord(field.Value)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsOfConnections(ReadOnlySpan<byte> scheme) =>
        Ascii.EqualsIgnoreCase(scheme, "NTLM"u8) || Ascii.EqualsIgnoreCase(scheme, "Negotiate"u8);
}
