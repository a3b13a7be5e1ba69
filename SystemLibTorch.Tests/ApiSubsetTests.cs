using System.Globalization;
using System.Reflection;

namespace SystemLibTorch.Tests;

/// <summary>
/// Nothing public here that TorchSharp lacks: every member, printed as in <c>shared/torchsharp-api.txt</c> (types, names, defaults, nullability), must be a
/// line of that file under its type. So a program compiled against this binding runs on TorchSharp.
/// </summary>
public class ApiSubsetTests
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly string[] objectMembers = ["Equals", "GetHashCode", "ToString", "Finalize"];

    private readonly NullabilityInfoContext nullability = new();

    [Test]
    public void Every_public_member_is_TorchSharps()
    {
        var api = Api();
        var extra = new List<string>();
        foreach (var type in typeof(torch).Assembly.GetExportedTypes())
        {
            if (typeof(Delegate).IsAssignableFrom(type)) continue;
            var head = type.FullName!.Replace('+', '.');
            if (!api.TryGetValue(head, out var known))
            {
                extra.Add($"type {head}");
                continue;
            }
            extra.AddRange(Members(type).Where(line => !known.Contains(line)).Select(line => $"{head}: {line}"));
        }
        Assert.That(extra, Is.Empty, string.Join(Environment.NewLine, extra));
    }

    [Test]
    public void Base_classes_are_TorchSharps()
    {
        var api = Api();
        var wrong = from type in typeof(torch).Assembly.GetExportedTypes()
                    where api.ContainsKey(type.FullName!.Replace('+', '.'))
                    let own = type.BaseType is { } b && b != typeof(object) && b != typeof(ValueType) ? Name(b) : ""
                    let theirs = api[type.FullName!.Replace('+', '.')].First()
                    where own != theirs
                    select $"{type.FullName}: '{own}', not '{theirs}'";
        Assert.That(wrong, Is.Empty);
    }

    /// <summary>The lines of each type; the first is its base class.</summary>
    private static Dictionary<string, List<string>> Api()
    {
        const string Relative = "shared/torchsharp-api.txt";
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, Relative))) folder = folder.Parent;
        if (folder is null) Assert.Ignore($"no folder above the tests holds {Relative}, the list of TorchSharp's members");
        var api = new Dictionary<string, List<string>>();
        var lines = new List<string>();
        foreach (var line in File.ReadLines(Path.Combine(folder!.FullName, Relative)))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                var parts = line[3..].Replace("  [obsolete]", "").Split(" : ", 2);
                api[parts[0]] = lines = [parts.Length > 1 ? parts[1] : ""];
            }
            else
            {
                lines.Add(line.Replace("  [obsolete]", "").Trim());
            }
        }
        return api;
    }

    private IEnumerable<string> Members(Type type)
    {
        foreach (var property in type.GetProperties(Declared).Where(property => property.GetAccessors(true).Any(Visible)))
        {
            var accessor = property.GetAccessors(true).First(Visible);
            var accessors = (Visible(property.GetMethod) ? "get;" : "") + (Visible(property.SetMethod) ? "set;" : "");
            var index = property.GetIndexParameters() is { Length: > 0 } parameters ? $"[{string.Join(", ", parameters.Select(Parameter))}]" : "";
            yield return $"{Access(accessor)}prop {Annotated(property.PropertyType, Info(() => nullability.Create(property)))} {property.Name}{index} {{{accessors}}}";
        }
        foreach (var field in type.GetFields(Declared).Where(field => (field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly) && !field.IsSpecialName))
            yield return $"{(field.IsPublic ? "" : "protected ")}field {Annotated(field.FieldType, Info(() => nullability.Create(field)))} {field.Name}";
        foreach (var constructor in type.GetConstructors(Declared).Where(Visible))
            yield return $"{Access(constructor)}new {Name(type)}{Parameters(constructor)}";
        foreach (var method in type.GetMethods(Declared).Where(Visible))
        {
            if (objectMembers.Contains(method.Name) || (method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal))) continue;
            var generic = method.IsGenericMethod ? $"<{string.Join(",", method.GetGenericArguments().Select(argument => argument.Name))}>" : "";
            var result = Annotated(method.ReturnType, Info(() => nullability.Create(method.ReturnParameter)));
            yield return $"{Access(method)}{result} {method.Name}{generic}{Parameters(method)}";
        }
    }

    private static bool Visible(MethodBase? method) => method is not null && (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly);

    private static string Access(MethodBase method)
    {
        var protection = method.IsPublic ? "" : "protected ";
        if (method.IsStatic && !method.IsConstructor) return protection + "static ";
        if (method.DeclaringType!.IsInterface) return protection;
        return protection + (method.IsAbstract ? "abstract " : method.IsVirtual && !method.IsFinal ? "virtual " : "");
    }

    private string Parameters(MethodBase method) => $"({string.Join(", ", method.GetParameters().Select(Parameter))})";

    private string Parameter(ParameterInfo parameter)
    {
        var isParams = parameter.GetCustomAttributesData().Any(data => data.AttributeType.Name is "ParamArrayAttribute" or "ParamCollectionAttribute");
        var mode = parameter.IsOut ? "out " : parameter.ParameterType.IsByRef ? "ref " : isParams ? "params " : "";
        return $"{mode}{Annotated(parameter.ParameterType, Info(() => nullability.Create(parameter)))} {parameter.Name}{Default(parameter)}";
    }

    private static string Default(ParameterInfo parameter) => !parameter.HasDefaultValue ? "" : "=" + parameter.RawDefaultValue switch
    {
        null => "null",
        bool value => value ? "true" : "false",
        string value => $"\"{value}\"",
        var value when parameter.ParameterType.IsEnum => Enum.GetName(parameter.ParameterType, value) ?? value.ToString(),
        var value => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    // Reflection's reader of nullability fails on some closed generics; such a type carries no marks, in the list too.
    private static NullabilityInfo? Info(Func<NullabilityInfo> read)
    {
        try
        {
            return read();
        }
        catch (IndexOutOfRangeException)
        {
            return null;
        }
    }

    private static string Annotated(Type type, NullabilityInfo? info)
    {
        if (info is null) return Name(type);
        if (type.IsByRef) return Annotated(type.GetElementType()!, info);
        if (Nullable.GetUnderlyingType(type) is { } inner) return Name(inner) + "?";
        var mark = !type.IsValueType && (info.ReadState == NullabilityState.Nullable || info.WriteState == NullabilityState.Nullable) ? "?" : "";
        if (type.IsArray)
            return $"{(info.ElementType is { } element ? Annotated(type.GetElementType()!, element) : Name(type.GetElementType()!))}[{Commas(type)}]{mark}";
        var arguments = type.GetGenericArguments();
        return type.IsGenericType && info.GenericTypeArguments.Length == arguments.Length
            ? Generic(type, arguments.Zip(info.GenericTypeArguments, Annotated)) + mark
            : Name(type) + mark;
    }

    private static string Name(Type type)
    {
        if (type.IsByRef) return Name(type.GetElementType()!);
        if (Nullable.GetUnderlyingType(type) is { } inner) return Name(inner) + "?";
        if (type.IsArray) return $"{Name(type.GetElementType()!)}[{Commas(type)}]";
        if (type.IsGenericType) return Generic(type, type.GetGenericArguments().Select(Name));
        return type.Name switch
        {
            "Int64" => "long",
            "Int32" => "int",
            "Int16" => "short",
            "Byte" => "byte",
            "SByte" => "sbyte",
            "UInt64" => "ulong",
            "Double" => "double",
            "Single" => "float",
            "Boolean" => "bool",
            "String" => "string",
            "Void" => "void",
            "Object" => "object",
            var name => name,
        };
    }

    private static string Commas(Type array) => new(',', array.GetArrayRank() - 1);

    private static string Generic(Type type, IEnumerable<string> arguments)
    {
        var list = string.Join(",", arguments);
        return type.Name.StartsWith("ValueTuple`", StringComparison.Ordinal) ? $"({list})" : $"{type.Name.Split('`')[0]}<{list}>";
    }
}
