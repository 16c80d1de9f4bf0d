using Mono.Cecil;
using Mono.Cecil.Cil;

namespace MiniLB.Tests.Mutation;

/// <summary>Finds a method in an assembly and gives it another body.</summary>
internal static class MethodBodies
{
    /// <param name="module">The assembly.</param>
    /// <param name="type">The declaring type's name, with its namespace where the name alone is not enough.</param>
    /// <param name="method">The name, with the names of its parameters' types where there are several:
    /// <c>Add(String,Int32)</c>.</param>
    public static MethodDefinition Find(ModuleDefinition module, string type, string method)
    {
        var found = module.GetTypes().Where(t => t.Name == type || t.FullName == type).SelectMany(t => t.Methods)
            .Where(m => m.HasBody && (m.Name == method || Signature(m) == method)).ToArray();
        Assert.True(found.Length == 1, $"{found.Length} methods {type}.{method}: "
            + string.Join("; ", found.Select(m => $"{m.DeclaringType.FullName}.{Signature(m)}")));
        return found[0];
    }

    public static void Replace(MethodDefinition method, Replacement by)
    {
        var body = new MethodBody(method) { InitLocals = true };
        var il = body.GetILProcessor();
        foreach (var parameter in method.Parameters.Where(p => p.IsOut && p.ParameterType is ByReferenceType))
        {
            il.Emit(OpCodes.Ldarg, parameter);
            il.Emit(OpCodes.Initobj, ((ByReferenceType)parameter.ParameterType).ElementType);
        }

        Return(il, method, by);
        method.Body = body;
    }

    private static void Return(ILProcessor il, MethodDefinition method, Replacement by)
    {
        var type = method.ReturnType;
        if (by.Constant is { } constant)
        {
            Assert.True(IsWhole(type), $"{method.FullName} returns no whole number");
            il.Emit(OpCodes.Ldc_I4, constant);
            if (type.MetadataType is MetadataType.Int64 or MetadataType.UInt64)
            {
                il.Emit(OpCodes.Conv_I8);
            }
        }
        else if (type.FullName == "System.Threading.Tasks.Task")
        {
            il.Emit(OpCodes.Call, method.Module.ImportReference(
                typeof(Task).GetProperty(nameof(Task.CompletedTask))!.GetMethod));
        }
        else if (type.MetadataType != MetadataType.Void)
        {
            var result = new VariableDefinition(type);
            il.Body.Variables.Add(result);
            il.Emit(OpCodes.Ldloca, result);
            il.Emit(OpCodes.Initobj, type);
            il.Emit(OpCodes.Ldloc, result);
        }

        il.Emit(OpCodes.Ret);
    }

    private static bool IsWhole(TypeReference type) => type.MetadataType
        is MetadataType.Boolean or MetadataType.Char or MetadataType.SByte or MetadataType.Byte or MetadataType.Int16
        or MetadataType.UInt16 or MetadataType.Int32 or MetadataType.UInt32 or MetadataType.Int64 or MetadataType.UInt64
        || type.Resolve()?.IsEnum == true;

    private static string Signature(MethodDefinition method) =>
        $"{method.Name}({string.Join(',', method.Parameters.Select(p => p.ParameterType.Name))})";
}
