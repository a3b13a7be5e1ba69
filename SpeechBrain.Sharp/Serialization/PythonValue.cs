using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Serialization;

/// <summary>Walks through values that were unpickled.</summary>
internal static class PythonValue
{
    /// <summary>
    /// Every value in <paramref name="root"/>, itself included, containers before what they hold. A container that is met again, as lists can
    /// hold each other, is not entered again.
    /// </summary>
    internal static IEnumerable<object?> All(object? root)
    {
        var entered = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var open = new Stack<object?>([root]);
        while (open.TryPop(out object? value))
        {
            yield return value;
            IEnumerable<object?> items = value switch
            {
                object?[] tuple => tuple,
                List<object?> list => list,
                OrderedDictionary<object, object?> dictionary => dictionary.Values,
                _ => [],
            };
            if (value is object?[] or List<object?> or OrderedDictionary<object, object?> && !entered.Add(value))
                continue;
            foreach (object? item in items)
                open.Push(item);
        }
    }

    /// <summary>What a value is, in Python's words.</summary>
    internal static string Describe(object? value) => value switch
    {
        null => "None",
        bool => "a bool",
        long or System.Numerics.BigInteger => "an int",
        double => "a float",
        string => "a str",
        byte[] => "bytes",
        object?[] => "a tuple",
        List<object?> => "a list",
        OrderedDictionary<object, object?> => "a dict",
        HashSet<object> => "a set",
        Tensor => "a tensor",
        TorchStorage => "a storage",
        PickleGlobal global => $"the name {global.Name}",
        _ => value.GetType().Name,
    };
}
