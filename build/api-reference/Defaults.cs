using System.Collections;
using System.Reflection;

namespace SpeechBrain.Sharp.ApiReference;

/// <summary>What the properties of a record of options have before anybody sets them: known from one that was made without arguments.</summary>
internal static class Defaults
{
    private static readonly Dictionary<Type, object?> Made = [];

    /// <summary>The default in C#; null where there is none, or none that is a plain value.</summary>
    internal static string? Of(PropertyInfo property, Func<object?, Type, string> write)
    {
        if (Make(property.ReflectedType!) is not { } options) return null;
        object? value = property.GetValue(options);
        return value switch
        {
            null => "null",
            IConvertible => write(value, property.PropertyType),
            IEnumerable list when list.Cast<object>().All(item => item is IConvertible) =>
                $"[{string.Join(", ", list.Cast<object>().Select(item => write(item, item.GetType())))}]",
            _ => null,
        };
    }

    private static object? Make(Type type)
    {
        if (!Made.TryGetValue(type, out var made))
        {
            bool canBe = type is { IsAbstract: false, ContainsGenericParameters: false } && Signature.Kind(type) == "record"
                && type.GetConstructor([]) is not null;
            Made[type] = made = canBe ? Activator.CreateInstance(type) : null;
        }
        return made;
    }
}
