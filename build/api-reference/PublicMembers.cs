using System.Reflection;
using System.Runtime.CompilerServices;

namespace SpeechBrain.Sharp.ApiReference;

/// <summary>What a type shows to those who use it or derive from it, without what the compiler adds to records and enumerations.</summary>
internal static class PublicMembers
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    internal static IEnumerable<MemberInfo> Of(Type type) => type.GetMembers(Declared)
        .Where(member => member.MemberType != MemberTypes.NestedType && IsShown(member, type))
        .OrderBy(Kind).ThenBy(member => type.IsEnum ? "" : member.Name, StringComparer.Ordinal).ThenBy(member => member.MetadataToken);

    /// <summary>The heading under which a member stands.</summary>
    internal static string Heading(MemberInfo member) => member switch
    {
        ConstructorInfo => "Constructors",
        FieldInfo => "Fields",
        PropertyInfo => "Properties",
        EventInfo => "Events",
        _ => member.Name.StartsWith("op_", StringComparison.Ordinal) ? "Operators" : "Methods",
    };

    /// <summary>Whether it is public, or protected where somebody can derive from its type.</summary>
    internal static bool IsVisible(MethodBase method) =>
        method.IsPublic || ((method.IsFamily || method.IsFamilyOrAssembly) && !method.DeclaringType!.IsSealed);

    private static int Kind(MemberInfo member) => Array.IndexOf(["Constructors", "Fields", "Properties", "Methods", "Operators"], Heading(member));

    private static bool IsShown(MemberInfo member, Type type) => member switch
    {
        FieldInfo field => !field.IsSpecialName && (field.IsPublic || (field.IsFamily && !type.IsSealed)),
        PropertyInfo property => property.Name != "EqualityContract" && property.GetAccessors(true).Any(IsVisible),
        EventInfo @event => IsVisible(@event.AddMethod!),
        ConstructorInfo constructor => !IsGenerated(member) && !constructor.IsStatic && IsVisible(constructor),
        MethodInfo method => !IsGenerated(member) && IsVisible(method)
            && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)),
        _ => false,
    };

    private static bool IsGenerated(MemberInfo member) => member.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);
}
