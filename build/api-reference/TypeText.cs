using System.Reflection;
using static System.Net.WebUtility;

namespace SpeechBrain.Sharp.ApiReference;

/// <summary>
/// Types as C# writes them, in HTML: keywords, type arguments, nullability, tuples with their names; types of this assembly are links.
/// </summary>
internal sealed class TypeText(Links links)
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(char)] = "char",
        [typeof(byte)] = "byte",
        [typeof(sbyte)] = "sbyte",
        [typeof(short)] = "short",
        [typeof(ushort)] = "ushort",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(decimal)] = "decimal",
    };

    private readonly NullabilityInfoContext nullability = new();

    internal string Of(Type type) => Of(type, null, TupleNames(null));

    internal string Of(ParameterInfo parameter) => Of(parameter.ParameterType, nullability.Create(parameter), TupleNames(parameter));

    internal string Of(PropertyInfo property) => Of(property.PropertyType, nullability.Create(property), TupleNames(property));

    internal string Of(FieldInfo field) => Of(field.FieldType, nullability.Create(field), TupleNames(field));

    private string Of(Type type, NullabilityInfo? info, Queue<string?> names)
    {
        if (type.IsByRef) return Of(type.GetElementType()!, info, names);
        if (type.IsPointer) return $"{Of(type.GetElementType()!, null, names)}*";
        if (Nullable.GetUnderlyingType(type) is { } value) return $"{Of(value, info, names)}?";
        string text = type.IsArray ? $"{Of(type.GetElementType()!, info?.ElementType, names)}[{new string(',', type.GetArrayRank() - 1)}]"
            : IsTuple(type) ? Tuple(type, info, names)
            : Keywords.TryGetValue(type, out var keyword) ? keyword
            : Named(type, info, names);
        bool mayBeNull = !type.IsValueType && !type.IsGenericParameter && info?.ReadState == NullabilityState.Nullable;
        return mayBeNull ? $"{text}?" : text;
    }

    private string Named(Type type, NullabilityInfo? info, Queue<string?> names)
    {
        string name = links.Type(type, HtmlEncode(Links.ShortName(type)));
        return type.IsGenericType ? $"{name}&lt;{string.Join(", ", Arguments(type, info, names))}&gt;" : name;
    }

    // The attribute names the elements of the outer tuple first, then those of the tuples in it.
    private string Tuple(Type type, NullabilityInfo? info, Queue<string?> names)
    {
        int count = type.GetGenericArguments().Length;
        if (count > 7) throw new NotSupportedException($"Tuples of more than 7 elements are not written: {type}.");
        string?[] own = [.. Enumerable.Range(0, count).Select(_ => names.Count > 0 ? names.Dequeue() : null)];
        return $"({string.Join(", ", Arguments(type, info, names).Zip(own, (text, name) => name is null ? text : $"{text} {name}"))})";
    }

    private IEnumerable<string> Arguments(Type type, NullabilityInfo? info, Queue<string?> names)
    {
        var arguments = type.GetGenericArguments();
        var infos = info?.GenericTypeArguments;
        return [.. arguments.Select((argument, i) => Of(argument, infos?.Length == arguments.Length ? infos[i] : null, names))];
    }

    private static bool IsTuple(Type type) => type.IsGenericType && type.FullName?.StartsWith("System.ValueTuple`", StringComparison.Ordinal) == true;

    private static Queue<string?> TupleNames(ICustomAttributeProvider? source) => new(
        source?.GetCustomAttributes(typeof(System.Runtime.CompilerServices.TupleElementNamesAttribute), inherit: false)
            .Cast<System.Runtime.CompilerServices.TupleElementNamesAttribute>().FirstOrDefault()?.TransformNames ?? []);
}
