using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using static System.Net.WebUtility;

namespace SpeechBrain.Sharp.ApiReference;

/// <summary>Declarations as C# writes them, in HTML.</summary>
internal sealed class Signature(TypeText types)
{
    private static readonly Dictionary<string, string> Operators = new()
    {
        ["op_Addition"] = "+",
        ["op_Subtraction"] = "-",
        ["op_Multiply"] = "*",
        ["op_Division"] = "/",
        ["op_Equality"] = "==",
        ["op_Inequality"] = "!=",
        ["op_LessThan"] = "<",
        ["op_GreaterThan"] = ">",
        ["op_LessThanOrEqual"] = "<=",
        ["op_GreaterThanOrEqual"] = ">=",
        ["op_UnaryNegation"] = "-",
        ["op_Implicit"] = "implicit",
        ["op_Explicit"] = "explicit",
    };

    internal static string Operator(string name) => Operators.TryGetValue(name, out var sign) ? $"operator {sign}" : name;

    internal string Of(MemberInfo member) => member switch
    {
        Type type => OfType(type),
        FieldInfo { DeclaringType.IsEnum: true } value =>
            $"{value.Name} = {Convert.ToString(value.GetRawConstantValue(), CultureInfo.InvariantCulture)}",
        FieldInfo field => $"{(field.IsLiteral ? "const " : field.IsStatic ? "static readonly " : "")}{types.Of(field)} {field.Name}"
            + (field.IsLiteral ? $" = {Value(field.GetRawConstantValue(), field.FieldType)}" : ""),
        PropertyInfo property => OfProperty(property),
        ConstructorInfo constructor => $"{Access(constructor)}{Links.MemberName(constructor)}({Parameters(constructor.GetParameters())})",
        MethodInfo method => $"{Modifiers(method)}{types.Of(method.ReturnParameter)} {HtmlEncode(Links.MemberName(method))}"
            + $"{Generic(method.GetGenericArguments())}({Parameters(method.GetParameters())}){Constraints(method.GetGenericArguments())}",
        _ => member.ToString()!,
    };

    /// <summary>class, record, struct, interface, enum or delegate.</summary>
    internal static string Kind(Type type)
    {
        const BindingFlags any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        if (type.IsInterface) return "interface";
        if (type.IsEnum) return "enum";
        if (typeof(Delegate).IsAssignableFrom(type)) return "delegate";
        bool isRecord = type.GetMethod("PrintMembers", any) is not null;
        return type.IsValueType ? isRecord ? "record struct" : "struct" : isRecord ? "record" : "class";
    }

    private string OfType(Type type)
    {
        string kind = Kind(type);
        if (kind == "delegate")
        {
            var invoke = type.GetMethod("Invoke")!;
            return $"delegate {types.Of(invoke.ReturnParameter)} {Links.ShortName(type)}{Generic(type.GetGenericArguments())}"
                + $"({Parameters(invoke.GetParameters())})";
        }
        string modifiers = type.IsValueType ? type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly " : ""
            : type is { IsAbstract: true, IsSealed: true } ? "static "
            : type.IsInterface ? "" : type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "";
        var bases = type.IsEnum ? [] : OwnBases(type).Select(types.Of).ToArray();
        return $"{modifiers}{kind} {HtmlEncode(Links.ShortName(type))}{Generic(type.GetGenericArguments())}"
            + (bases.Length > 0 ? $" : {string.Join(", ", bases)}" : "") + Constraints(type.GetGenericArguments());
    }

    // The base class, and the interfaces that neither it nor another interface brings along.
    private static IEnumerable<Type> OwnBases(Type type)
    {
        var parent = type.BaseType is { } known && known != typeof(object) && known != typeof(ValueType) ? known : null;
        var all = type.GetInterfaces();
        var brought = all.SelectMany(other => other.GetInterfaces()).Concat(parent?.GetInterfaces() ?? []).ToHashSet();
        bool isRecord = Kind(type).StartsWith("record", StringComparison.Ordinal);
        bool isSynthesized(Type other) => isRecord && other.IsGenericType && other.GetGenericTypeDefinition() == typeof(IEquatable<>);
        return (parent is null ? [] : new[] { parent })
            .Concat(all.Where(other => other.IsVisible && !brought.Contains(other) && !isSynthesized(other)));
    }

    private string OfProperty(PropertyInfo property)
    {
        var accessors = property.GetAccessors(true).Where(PublicMembers.IsVisible).ToArray();
        var setter = property.SetMethod is { } set && PublicMembers.IsVisible(set) ? set : null;
        bool isInit = setter?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true;
        var index = property.GetIndexParameters();
        string get = property.GetMethod is { } getter && PublicMembers.IsVisible(getter) ? "get; " : "";
        return Modifiers(accessors[0]) + (property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "") + $"{types.Of(property)} "
            + (index.Length > 0 ? $"this[{Parameters(index)}]" : property.Name)
            + $" {{ {get}{(setter is null ? "" : isInit ? "init; " : "set; ")}}}"
            + (isInit && Defaults.Of(property, Value) is { } value ? $" = {value};" : "");
    }

    private static string Access(MethodBase method) => method.IsPublic ? "" : "protected ";

    private static string Modifiers(MethodInfo method) => Access(method) + (method.IsStatic ? "static " : "")
        + (method.DeclaringType!.IsInterface || !method.IsVirtual || method.IsFinal && method.GetBaseDefinition() == method ? ""
            : method.GetBaseDefinition() != method ? "override " : method.IsAbstract ? "abstract " : "virtual ");

    private string Parameters(ParameterInfo[] parameters) => string.Join(", ", parameters.Select(Parameter));

    private string Parameter(ParameterInfo parameter)
    {
        string prefix = parameter.Position == 0 && parameter.Member.IsDefined(typeof(ExtensionAttribute), false) ? "this " : "";
        prefix += parameter.IsDefined(typeof(ParamArrayAttribute)) || parameter.IsDefined(typeof(ParamCollectionAttribute)) ? "params " : "";
        prefix += !parameter.ParameterType.IsByRef ? "" : parameter.IsOut ? "out " : parameter.IsIn ? "in " : "ref ";
        string text = $"{prefix}{types.Of(parameter)} {parameter.Name}";
        return parameter.HasDefaultValue ? $"{text} = {Value(parameter.RawDefaultValue, parameter.ParameterType)}" : text;
    }

    private static string Value(object? value, Type type)
    {
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        if (value is null) return type.IsValueType && bare == type ? "default" : "null";
        if (bare.IsEnum) return $"{Links.ShortName(bare)}.{Enum.ToObject(bare, value)}";
        return HtmlEncode(value switch
        {
            bool flag => flag ? "true" : "false",
            string text => $"\"{text}\"",
            char c => $"'{c}'",
            float number => $"{number.ToString(CultureInfo.InvariantCulture)}f",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        });
    }

    private static string Generic(Type[] parameters) =>
        parameters.Length == 0 ? "" : $"&lt;{string.Join(", ", parameters.Select(parameter => parameter.Name))}&gt;";

    private string Constraints(Type[] parameters) => string.Concat(parameters.Select(Constraint));

    private string Constraint(Type parameter)
    {
        var flags = parameter.GenericParameterAttributes;
        bool isStruct = flags.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint);
        bool isUnmanaged = parameter.CustomAttributes.Any(attribute => attribute.AttributeType.Name == "IsUnmanagedAttribute");
        List<string> limits = [.. isUnmanaged ? ["unmanaged"] : isStruct ? ["struct"] : Array.Empty<string>()];
        if (flags.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint)) limits.Add("class");
        limits.AddRange(parameter.GetGenericParameterConstraints().Where(limit => limit != typeof(ValueType)).Select(types.Of));
        if (flags.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint) && !isStruct) limits.Add("new()");
        return limits.Count == 0 ? "" : $"\n    where {parameter.Name} : {string.Join(", ", limits)}";
    }
}
