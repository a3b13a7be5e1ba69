using System.Reflection;

namespace SpeechBrain.Sharp.ApiReference;

/// <summary>
/// The names that XML documentation files give to types and members, such as <c>M:Space.Type`1.Name``1(System.Int32,``0[])</c> (C# specification,
/// annex D.4).
/// </summary>
internal static class DocId
{
    internal static string Of(MemberInfo member) => member switch
    {
        Type type => $"T:{TypeName(type)}",
        FieldInfo field => $"F:{TypeName(field.DeclaringType!)}.{field.Name}",
        EventInfo @event => $"E:{TypeName(@event.DeclaringType!)}.{@event.Name}",
        PropertyInfo property => $"P:{TypeName(property.DeclaringType!)}.{property.Name}{Parameters(property.GetIndexParameters())}",
        ConstructorInfo constructor =>
            $"M:{TypeName(constructor.DeclaringType!)}.{(constructor.IsStatic ? "#cctor" : "#ctor")}{Parameters(constructor.GetParameters())}",
        MethodInfo method =>
            $"M:{TypeName(method.DeclaringType!)}.{method.Name}{Arity(method)}{Parameters(method.GetParameters())}{Converted(method)}",
        _ => throw new ArgumentException($"A member of kind {member.MemberType} has no documentation id.", nameof(member)),
    };

    private static string Arity(MethodInfo method) => method.IsGenericMethod ? $"``{method.GetGenericArguments().Length}" : "";

    private static string Converted(MethodInfo method) => method.Name is "op_Implicit" or "op_Explicit" ? $"~{Argument(method.ReturnType)}" : "";

    private static string Parameters(ParameterInfo[] parameters) =>
        parameters.Length == 0 ? "" : $"({string.Join(',', parameters.Select(parameter => Argument(parameter.ParameterType)))})";

    // The definition of a type: nested types after a dot, the number of its own type parameters after a backtick.
    private static string TypeName(Type type) => type.DeclaringType is { } outer ? $"{TypeName(outer)}.{type.Name}" : $"{type.Namespace}.{type.Name}";

    private static string Argument(Type type)
    {
        if (type.IsGenericMethodParameter) return $"``{type.GenericParameterPosition}";
        if (type.IsGenericParameter) return $"`{type.GenericParameterPosition}";
        if (type.IsByRef) return $"{Argument(type.GetElementType()!)}@";
        if (type.IsPointer) return $"{Argument(type.GetElementType()!)}*";
        if (type.IsSZArray) return $"{Argument(type.GetElementType()!)}[]";
        if (type.IsArray) return $"{Argument(type.GetElementType()!)}[{string.Join(',', Enumerable.Repeat("0:", type.GetArrayRank()))}]";
        return type.IsGenericType ? Constructed(type, new(type.GetGenericArguments())) : TypeName(type);
    }

    // Each level of nesting takes as many arguments as it declares.
    private static string Constructed(Type type, Queue<Type> arguments)
    {
        string outer = type.DeclaringType is { } declaring ? Constructed(declaring, arguments) : type.Namespace!;
        string[] parts = type.Name.Split('`');
        if (parts.Length == 1) return $"{outer}.{type.Name}";
        int arity = int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture);
        var own = Enumerable.Range(0, arity).Select(_ => Argument(arguments.Dequeue()));
        return $"{outer}.{parts[0]}{{{string.Join(',', own)}}}";
    }
}
