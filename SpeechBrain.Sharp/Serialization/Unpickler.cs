using System.Numerics;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Serialization;

/// <summary>
/// Builds what a pickle of <c>torch.save</c> describes. A pickle is a program for a stack machine and can ask Python to call anything; this
/// machine knows the instructions that build plain values, and of names those of <see cref="PickleGlobal"/> alone. Anything else ends the
/// reading with a message that names it. No recursion, so nesting can't exhaust the call stack.
/// </summary>
/// <remarks>
/// Memory: values and tensors are counted; text and bytes are no longer than the pickle; what a call copies is charged against the pickle's
/// length; and storages are never larger than their entries in the zip.
/// </remarks>
internal sealed class Unpickler
{
    /// <summary>Most tensors in one file; a view costs five bytes of pickle and some hundred of memory.</summary>
    private const int MaxTensors = 100_000;

    /// <summary>Most values; an empty dictionary costs a byte of pickle and some hundred of memory.</summary>
    private const int MaxValues = 10_000_000;

    private readonly TorchArchive archive;
    private readonly PickleReader reader;
    private readonly List<object?> stack = [];
    private readonly Stack<int> marks = [];
    private readonly Dictionary<long, object?> memo = [];
    private long allowance;
    private int tensors;
    private int values;

    internal Unpickler(TorchArchive archive)
    {
        this.archive = archive;
        byte[] pickle = archive.Pickle();
        reader = new PickleReader(pickle, archive.Bad);
        allowance = pickle.Length;
    }

    /// <summary>Runs the pickle to its end.</summary>
    /// <returns>
    /// null, bool, long, BigInteger, double, string, byte[]; List (list), array (tuple), OrderedDictionary (dict), HashSet (set); Tensor, in
    /// the current dispose scope.
    /// </returns>
    /// <exception cref="InvalidDataException">The pickle is damaged, or asks for more than tensors and plain containers.</exception>
    internal object? Run()
    {
        while (true)
        {
            var opcode = (PickleOpcode)reader.Byte();
            if (opcode == PickleOpcode.Stop)
            {
                object? result = Pop();
                if (stack.Count > 0 || marks.Count > 0)
                    throw Damaged("ends with more than one value");
                if (PythonValue.All(result).FirstOrDefault(v => v is PickleGlobal or TorchStorage) is { } stranger)
                    throw Bad($"it holds {PythonValue.Describe(stranger)}; only tensors and plain containers are read. Save those alone");
                return result;
            }
            Step(opcode);
        }
    }

    /// <summary>An exception that names the file.</summary>
    internal InvalidDataException Bad(string what) => archive.Bad(what);

    /// <summary>An exception about the arguments of a call.</summary>
    internal InvalidDataException Arguments(string name) => Damaged($"calls {name} with arguments that torch.save does not write");

    /// <summary>Counts values that a call copies.</summary>
    internal void Charge(long count)
    {
        allowance -= count;
        if (allowance < 0)
            throw Damaged("asks for far more memory than its length justifies");
    }

    /// <summary>A key of a dictionary or an item of a set.</summary>
    internal object Key(object? key) => key is string or long or bool or double or BigInteger
        ? key
        : throw Bad($"it has a dictionary or set with {PythonValue.Describe(key)} for a key; keys can be text and numbers");

    /// <summary>A tensor that is a view of a storage.</summary>
    internal Tensor View(TorchStorage storage, long offset, object?[] sizes, object?[] strides)
    {
        if (++tensors > MaxTensors)
            throw Bad($"it has more than {MaxTensors} tensors. Save fewer, larger ones");
        if (sizes.Length > TorchStorage.MaxRank || strides.Length != sizes.Length || !sizes.All(s => s is long) || !strides.All(s => s is long))
            throw Damaged("has a tensor whose sizes and strides make no shape");
        var (view, problem) = storage.View(offset, [.. sizes.Cast<long>()], [.. strides.Cast<long>()]);
        return view ?? throw Bad($"it has {problem}. Copy or save the file again");
    }

    private void Step(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Proto:
                if (reader.Byte() is var protocol and (< 2 or > 5))
                    throw Bad($"its pickle has protocol {protocol}; 2 to 5 are read");
                break;
            case PickleOpcode.Frame: reader.Int64(); break;
            case PickleOpcode.Mark: marks.Push(stack.Count); break;
            case PickleOpcode.Pop:
                if (marks.Count > 0 && marks.Peek() == stack.Count)
                    marks.Pop();
                else
                    Pop();
                break;
            case PickleOpcode.PopMark: PopToMark(); break;
            case PickleOpcode.Dup: Push(Top()); break;

            case PickleOpcode.None: Push(null); break;
            case PickleOpcode.NewTrue: Push(true); break;
            case PickleOpcode.NewFalse: Push(false); break;
            case PickleOpcode.BinInt: Push((long)reader.Int32()); break;
            case PickleOpcode.BinInt1: Push((long)reader.Byte()); break;
            case PickleOpcode.BinInt2: Push((long)reader.UInt16()); break;
            case PickleOpcode.Long1: Push(reader.Integer(reader.Byte())); break;
            case PickleOpcode.Long4: Push(reader.Integer(reader.Int32())); break;
            case PickleOpcode.BinFloat: Push(reader.Double()); break;
            case PickleOpcode.ShortBinUnicode: Push(reader.Text(reader.Byte())); break;
            case PickleOpcode.BinUnicode: Push(reader.Text(reader.UInt32())); break;
            case PickleOpcode.BinUnicode8: Push(reader.Text(reader.Int64())); break;
            case PickleOpcode.ShortBinBytes: Push(reader.Bytes(reader.Byte()).ToArray()); break;
            case PickleOpcode.BinBytes: Push(reader.Bytes(reader.UInt32()).ToArray()); break;
            case PickleOpcode.BinBytes8: Push(reader.Bytes(reader.Int64()).ToArray()); break;

            case PickleOpcode.EmptyList: Push(new List<object?>()); break;
            case PickleOpcode.List: Push(PopToMark().ToList()); break;
            case PickleOpcode.Append: Append([Pop()]); break;
            case PickleOpcode.Appends: Append(PopToMark()); break;
            case PickleOpcode.EmptyTuple: Push(Array.Empty<object?>()); break;
            case PickleOpcode.Tuple: Push(PopToMark()); break;
            case PickleOpcode.Tuple1: Push(PopMany(1)); break;
            case PickleOpcode.Tuple2: Push(PopMany(2)); break;
            case PickleOpcode.Tuple3: Push(PopMany(3)); break;
            case PickleOpcode.EmptyDict: Push(new OrderedDictionary<object, object?>()); break;
            case PickleOpcode.Dict:
                object?[] content = PopToMark();
                Push(new OrderedDictionary<object, object?>());
                Set(content);
                break;
            case PickleOpcode.SetItem: Set(PopMany(2)); break;
            case PickleOpcode.SetItems: Set(PopToMark()); break;
            case PickleOpcode.EmptySet: Push(new HashSet<object>()); break;
            case PickleOpcode.FrozenSet: Push(PopToMark().Select(Key).ToHashSet()); break;
            case PickleOpcode.AddItems:
                object?[] members = PopToMark();
                Expect<HashSet<object>>(Top(), "a set").UnionWith(members.Select(Key));
                break;

            case PickleOpcode.BinPut: memo[reader.Byte()] = Top(); break;
            case PickleOpcode.LongBinPut: memo[reader.UInt32()] = Top(); break;
            case PickleOpcode.Memoize: memo[memo.Count] = Top(); break;
            case PickleOpcode.BinGet: Push(Remembered(reader.Byte())); break;
            case PickleOpcode.LongBinGet: Push(Remembered(reader.UInt32())); break;

            case PickleOpcode.Global: Push(Global(reader.Line(), reader.Line())); break;
            case PickleOpcode.StackGlobal:
                object?[] names = PopMany(2);
                Push(Global(Expect<string>(names[0], "a module's name"), Expect<string>(names[1], "a name")));
                break;
            case PickleOpcode.Reduce: Reduce(); break;
            case PickleOpcode.Build: Build(); break;
            case PickleOpcode.BinPersId: Push(Storage(Pop())); break;
            default:
                throw Bad($"its pickle has the instruction 0x{(byte)opcode:x2} at byte {reader.Position - 1}, which builds no plain value. "
                    + "Save tensors in plain containers, for example torch.save(module.state_dict(), path)");
        }
    }

    private PickleGlobal Global(string module, string name) => PickleGlobal.Find(module, name) ?? throw Bad(
        $"it names '{Printable(module)}.{Printable(name)}', and only tensors and plain containers are read, so that a file can't run code. "
        + "If you trust the file, open it in Python and save what you need: torch.save(module.state_dict(), path)");

    private void Reduce()
    {
        object?[] both = PopMany(2);
        var function = Expect<PickleGlobal>(both[0], "a function");
        object?[] arguments = Expect<object?[]>(both[1], "a tuple of arguments");
        Push(function.Call is { } call ? call(arguments, this) : throw Damaged($"calls {function.Name}"));
    }

    // A state dict of PyTorch carries the versions of its modules as an attribute, which nothing here needs.
    private void Build()
    {
        object?[] both = PopMany(2);
        if (both is not [OrderedDictionary<object, object?> target, OrderedDictionary<object, object?>])
            throw Damaged("gives attributes to something that is not a dictionary");
        Push(target);
    }

    private TorchStorage Storage(object? id)
    {
        if (id is not object?[] { Length: 5 or 6 } parts || parts is not ["storage", PickleGlobal type, string key, string, long count, ..])
            throw Damaged("has a storage in a form that torch.save does not write");
        if (parts.Length == 6 && parts[5] is not null)
            throw Damaged("has a storage that is a part of another, as PyTorch before 0.4 wrote it");
        return archive.Storage(key, type.Storage ?? throw Bad($"it has a storage of type {type.Name}; known are {DtypeNames.TorchStorage}"), count);
    }

    private void Append(object?[] items) => Expect<List<object?>>(Top(), "a list").AddRange(items);

    private void Set(object?[] items)
    {
        var target = Expect<OrderedDictionary<object, object?>>(Top(), "a dictionary");
        if (items.Length % 2 != 0)
            throw Damaged("has a key without a value");
        for (int i = 0; i < items.Length; i += 2)
            target[Key(items[i])] = items[i + 1];
    }

    private object? Remembered(long index) =>
        memo.TryGetValue(index, out object? value) ? value : throw Damaged($"recalls value {index}, which it never kept");

    private void Push(object? value)
    {
        if (++values > MaxValues)
            throw Bad($"its pickle makes more than {MaxValues} values. Save tensors, not lists of numbers");
        stack.Add(value);
    }

    private object? Top() => stack.Count > Floor ? stack[^1] : throw Damaged("takes a value where there is none");

    private object? Pop()
    {
        object? value = Top();
        stack.RemoveAt(stack.Count - 1);
        return value;
    }

    private object?[] PopMany(int count)
    {
        if (stack.Count - count < Floor)
            throw Damaged("takes a value where there is none");
        object?[] values = [.. stack[^count..]];
        stack.RemoveRange(stack.Count - count, count);
        return values;
    }

    private object?[] PopToMark()
    {
        if (!marks.TryPop(out int start))
            throw Damaged("goes back to a mark that it never made");
        object?[] values = [.. stack[start..]];
        stack.RemoveRange(start, stack.Count - start);
        return values;
    }

    // Nothing below the last mark may be taken.
    private int Floor => marks.TryPeek(out int mark) ? mark : 0;

    private T Expect<T>(object? value, string what)
        where T : class => value as T ?? throw Damaged($"has {PythonValue.Describe(value)} where {what} belongs");

    private InvalidDataException Damaged(string what) => Bad($"its pickle {what} (byte {reader.Position}). Copy or save the file again");

    private static string Printable(string name) => new([.. name.Take(100).Select(c => char.IsControl(c) ? '?' : c)]);
}
