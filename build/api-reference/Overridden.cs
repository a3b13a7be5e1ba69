using System.Reflection;
using System.Runtime.CompilerServices;

namespace SpeechBrain.Sharp.ApiReference;

/// <summary>What a member overrides or implements, nearest first: where <c>inheritdoc</c> without a name looks.</summary>
internal static class Overridden
{
    private const BindingFlags Any =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    internal static IEnumerable<MemberInfo> By(MemberInfo member) => member switch
    {
        Type type => Bases(type).Concat(type.GetInterfaces()).Select(Definition),
        ConstructorInfo constructor => Bases(constructor.DeclaringType!).SelectMany(type => type.GetConstructors(Any))
            .Where(other => Types(other).SequenceEqual(Types(constructor))).Select(Definition),
        MethodInfo method => ByMethod(method),
        PropertyInfo property => ByMethod(property.GetAccessors(true)[0]).Select(Property).OfType<MemberInfo>(),
        _ => [],
    };

    private static IEnumerable<MethodInfo> ByMethod(MethodInfo method)
    {
        var root = method.GetBaseDefinition();
        // An override with a narrower result is a new method to the runtime: it has the name and the parameters of the old one.
        bool isNarrowed = method.IsDefined(typeof(PreserveBaseOverridesAttribute));
        bool isOverridden(MethodInfo other) => other.IsVirtual
            && (other.GetBaseDefinition() == root || (isNarrowed && other.Name == method.Name && Types(other).SequenceEqual(Types(method))));
        foreach (var type in Bases(method.DeclaringType!))
            foreach (var other in type.GetMethods(Any).Where(isOverridden))
                yield return Definition(other);
        if (method.DeclaringType!.IsInterface) yield break;
        foreach (var type in method.DeclaringType!.GetInterfaces())
        {
            var map = method.DeclaringType.GetInterfaceMap(type);
            int i = Array.IndexOf(map.TargetMethods, method);
            if (i >= 0) yield return Definition(map.InterfaceMethods[i]);
        }
    }

    private static IEnumerable<Type> Bases(Type type)
    {
        for (var ancestor = type.BaseType; ancestor is not null; ancestor = ancestor.BaseType) yield return ancestor;
    }

    private static Type[] Types(MethodBase method) => [.. method.GetParameters().Select(parameter => parameter.ParameterType)];

    private static PropertyInfo? Property(MethodInfo accessor) =>
        accessor.DeclaringType!.GetProperties(Any).FirstOrDefault(property => property.GetAccessors(true).Contains(accessor));

    // A member of Base<int> is documented as that of Base<T>.
    private static T Definition<T>(T member)
        where T : MemberInfo
    {
        if (member is Type type) return (T)(MemberInfo)(type.IsGenericType ? type.GetGenericTypeDefinition() : type);
        var declaring = member.DeclaringType!;
        return declaring.IsConstructedGenericType
            ? (T)declaring.GetGenericTypeDefinition().GetMembers(Any).First(other => other.MetadataToken == member.MetadataToken)
            : member;
    }
}
