using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Serialization;

/// <summary>
/// A name that a pickle may use, and what is made when the pickle calls it. Only the names of <see cref="Find"/> exist; none of them runs
/// anything but the code of this file.
/// </summary>
/// <param name="Name">Module and name, as in Python.</param>
/// <param name="Call">Makes a value of the arguments; null for what can't be called.</param>
/// <param name="Storage">The element type, for a type of storages.</param>
internal sealed record PickleGlobal(string Name, Func<object?[], Unpickler, object?>? Call, ScalarType? Storage = null)
{
    // Protocol 2 writes Python 2's names: __builtin__ for builtins.
    private static readonly Dictionary<string, PickleGlobal> Known = new PickleGlobal[]
    {
        new("collections.OrderedDict", (args, u) => Dictionary(args, u)),
        new("__builtin__.set", (args, u) => Set(args, u)),
        new("builtins.set", (args, u) => Set(args, u)),
        new("__builtin__.frozenset", (args, u) => Set(args, u)),
        new("builtins.frozenset", (args, u) => Set(args, u)),
        new("__builtin__.bytes", (args, u) => args is [] ? Array.Empty<byte>() : throw u.Arguments("bytes")),
        new("builtins.bytes", (args, u) => args is [] ? Array.Empty<byte>() : throw u.Arguments("bytes")),
        new("_codecs.encode", (args, u) => Encode(args, u)),
        new("torch.Size", (args, u) => args is [object?[] sizes] ? sizes : throw u.Arguments("torch.Size")),
        new("torch._utils._rebuild_tensor", (args, u) => args is [TorchStorage s, long o, object?[] n, object?[] t]
            ? u.View(s, o, n, t) : throw u.Arguments("torch._utils._rebuild_tensor")),
        new("torch._utils._rebuild_tensor_v2", (args, u) => Tensor(args, u)),
        new("torch._utils._rebuild_parameter", (args, u) => args is [Tensor data, bool, _]
            ? data : throw u.Arguments("torch._utils._rebuild_parameter")),
        new("torch.storage.UntypedStorage", null, ScalarType.Byte),
    }.ToDictionary(g => g.Name);

    /// <summary>A global that may be used; null for every other.</summary>
    internal static PickleGlobal? Find(string module, string name)
    {
        string full = $"{module}.{name}";
        if (Known.TryGetValue(full, out var known))
            return known;
        return module == "torch" && DtypeNames.TorchStorage.Find(name) is { } dtype ? new PickleGlobal(full, null, dtype) : null;
    }

    private static OrderedDictionary<object, object?> Dictionary(object?[] args, Unpickler u)
    {
        var dictionary = new OrderedDictionary<object, object?>();
        if (args is [])
            return dictionary;
        if (args is not [List<object?> pairs])
            throw u.Arguments("collections.OrderedDict");
        u.Charge(pairs.Count);
        foreach (object? pair in pairs)
        {
            var (key, value) = pair switch
            {
                object?[] { Length: 2 } two => (two[0], two[1]),
                List<object?> { Count: 2 } two => (two[0], two[1]),
                _ => throw u.Arguments("collections.OrderedDict"),
            };
            dictionary[u.Key(key)] = value;
        }
        return dictionary;
    }

    private static HashSet<object> Set(object?[] args, Unpickler u)
    {
        if (args is [])
            return [];
        if (args is not [List<object?> items])
            throw u.Arguments("set");
        u.Charge(items.Count);
        return [.. items.Select(u.Key)];
    }

    // Protocol 2 has no bytes: they are text of the characters 0 to 255, and this call.
    private static byte[] Encode(object?[] args, Unpickler u)
    {
        if (args is not [string text, "latin1" or "latin-1"] || text.Any(c => c > 255))
            throw u.Arguments("_codecs.encode");
        u.Charge(text.Length);
        return Encoding.Latin1.GetBytes(text);
    }

    private static Tensor Tensor(object?[] args, Unpickler u)
    {
        if (args is not [TorchStorage storage, long offset, object?[] sizes, object?[] strides, bool, _, ..] || args.Length > 7)
            throw u.Arguments("torch._utils._rebuild_tensor_v2");
        if (args.Length == 7 && args[6] is not (null or OrderedDictionary<object, object?> { Count: 0 }))
            throw u.Bad("it has a tensor with a conjugate or negative bit. Save it as tensor.resolve_conj().resolve_neg()");
        return u.View(storage, offset, sizes, strides);
    }
}
