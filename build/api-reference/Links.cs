using System.Reflection;
using static System.Net.WebUtility;

namespace SpeechBrain.Sharp.ApiReference;

/// <summary>Where the types and members of an assembly are described, and what those of others are called.</summary>
internal sealed class Links
{
    private readonly Dictionary<string, (string Href, string Text)> byId = [];

    internal Links(Assembly assembly)
    {
        Types = [.. assembly.GetExportedTypes().OrderBy(type => type.Namespace, StringComparer.Ordinal).ThenBy(Name, StringComparer.Ordinal)];
        foreach (var type in Types)
        {
            byId[DocId.Of(type)] = (Page(type), Name(type));
            foreach (var member in PublicMembers.Of(type))
                byId[DocId.Of(member)] = ($"{Page(type)}#{Anchor(member)}", $"{ShortName(type)}.{MemberName(member)}");
        }
    }

    /// <summary>All public types, by namespace and name.</summary>
    internal IReadOnlyList<Type> Types { get; }

    /// <summary>The file of a type.</summary>
    internal static string Page(Type type) => $"{type.FullName!.Replace('`', '-').Replace('+', '.')}.html";

    /// <summary>The file of a namespace.</summary>
    internal static string Page(string space) => $"{space}.html";

    /// <summary>The place of a member on its type's page: its documentation id in characters that need no escape.</summary>
    internal static string Anchor(MemberInfo member) =>
        string.Concat(DocId.Of(member).Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or ':' ? c : '_'));

    /// <summary>A type's name with its type parameters: <c>Augmentation&lt;TParameters&gt;</c>, not encoded.</summary>
    internal static string Name(Type type) => !type.IsGenericType
        ? ShortName(type)
        : $"{ShortName(type)}<{string.Join(", ", type.GetGenericArguments().Select(argument => argument.Name))}>";

    /// <summary>
    /// A type's name as code has it that says <c>using static TorchSharp.torch</c>: <c>Tensor</c>, <c>nn.Module</c>, <c>Outer.Inner</c>.
    /// </summary>
    internal static string ShortName(Type type)
    {
        string name = type.Name.Split('`')[0];
        bool isNested = !type.IsGenericParameter && type.DeclaringType is { } outer && outer.FullName != "TorchSharp.torch";
        return isNested ? $"{ShortName(type.DeclaringType!)}.{name}" : name;
    }

    /// <summary>What a member is called in text: a constructor as its type, an operator by its sign.</summary>
    internal static string MemberName(MemberInfo member) => member switch
    {
        ConstructorInfo => member.DeclaringType!.Name.Split('`')[0],
        PropertyInfo property when property.GetIndexParameters().Length > 0 => "this[]",
        MethodInfo { IsSpecialName: true } => Signature.Operator(member.Name),
        _ => member.Name,
    };

    /// <summary>A type's name as a link where it has a page.</summary>
    internal string Type(Type type, string encodedText) =>
        !type.IsGenericParameter && byId.TryGetValue(DocId.Of(type.IsGenericType ? type.GetGenericTypeDefinition() : type), out var target)
            ? $"<a href=\"{target.Href}\">{encodedText}</a>"
            : encodedText;

    /// <summary>The HTML of a cref, as a link where it leads to a page here.</summary>
    internal string Cref(string id, string? encodedText) => byId.TryGetValue(id, out var target)
        ? $"<a href=\"{target.Href}\"><code>{encodedText ?? HtmlEncode(target.Text)}</code></a>"
        : $"<code>{encodedText ?? HtmlEncode(Outside(id))}</code>";

    // T:TorchSharp.torch.Tensor is Tensor, M:System.Math.Max(System.Int32,System.Int32) is Math.Max.
    private static string Outside(string id)
    {
        string[] parts = id[2..].Split('(')[0].Replace("TorchSharp.torch.", "", StringComparison.Ordinal).Split('.');
        int keep = id[0] == 'T' ? 1 : 2;
        return string.Join('.', parts[Math.Max(0, parts.Length - keep)..].Select(part => part.Split('`')[0]));
    }
}
