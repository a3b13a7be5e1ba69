using System.Buffers.Binary;
using System.Collections;
using System.Numerics;
using System.Text;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Serialization;

/// <summary>
/// Writes plain values and tensors as a pickle of protocol 2, in the form that <c>torch.load</c> reads, with <c>weights_only</c> too.
/// </summary>
internal sealed class Pickler
{
    private const int MaxDepth = 200;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly MemoryStream pickle = new();
    private readonly Dictionary<Tensor, int> keys = new(ReferenceEqualityComparer.Instance);
    private readonly List<Tensor> storages = [];

    /// <summary>The tensors whose elements the pickle refers to, by the keys "0", "1", ...</summary>
    internal IReadOnlyList<Tensor> Storages => storages;

    /// <summary>Pickles a value.</summary>
    /// <exception cref="ArgumentException">It holds something that has no place in a pickle of plain values, or itself.</exception>
    internal byte[] Dump(object? value)
    {
        Write(PickleOpcode.Proto, 2);
        Value(value, "the value", 0);
        Write(PickleOpcode.Stop);
        return pickle.ToArray();
    }

    private void Value(object? value, string where, int depth)
    {
        if (depth > MaxDepth)
            throw new ArgumentException($"{where} lies {MaxDepth} containers deep; does a container hold itself?", nameof(value));
        switch (value)
        {
            case null: Write(PickleOpcode.None); break;
            case bool b: Write(b ? PickleOpcode.NewTrue : PickleOpcode.NewFalse); break;
            case byte or sbyte or short or ushort or int or uint or long: Integer(Convert.ToInt64(value)); break;
            case ulong big: Integer(big); break;
            case BigInteger big: Integer(big); break;
            case float or double or Half: Float(value is Half half ? (double)half : Convert.ToDouble(value)); break;
            case string text: Text(text, where); break;
            case byte[] bytes: Bytes(bytes); break;
            case Tensor tensor: TensorView(tensor, where); break;
            case IDictionary dictionary: Dictionary(dictionary, where, depth); break;
            case HashSet<object> set: Set(set, where, depth); break;
            case object?[] tuple: Tuple(tuple, where, depth); break;
            case IEnumerable list and (IList or ICollection): List(list.Cast<object?>(), where, depth); break;
            default:
                throw new ArgumentException(
                    $"{where} is {value.GetType().Name}, which has no place in a checkpoint: give tensors, numbers, text, bytes, "
                    + "dictionaries, lists, object arrays (tuples) and sets.", nameof(value));
        }
    }

    private void Dictionary(IDictionary dictionary, string where, int depth)
    {
        Write(PickleOpcode.EmptyDict);
        Write(PickleOpcode.Mark);
        foreach (DictionaryEntry entry in dictionary)
        {
            Key(entry.Key, $"a key of {where}", depth + 1);
            Value(entry.Value, $"'{entry.Key}'", depth + 1);
        }
        Write(PickleOpcode.SetItems);
    }

    private void List(IEnumerable<object?> list, string where, int depth)
    {
        Write(PickleOpcode.EmptyList);
        Write(PickleOpcode.Mark);
        foreach (object? item in list)
            Value(item, $"an item of {where}", depth + 1);
        Write(PickleOpcode.Appends);
    }

    private void Tuple(object?[] tuple, string where, int depth)
    {
        Write(PickleOpcode.Mark);
        foreach (object? item in tuple)
            Value(item, $"an item of {where}", depth + 1);
        Write(PickleOpcode.Tuple);
    }

    private void Set(HashSet<object> set, string where, int depth)
    {
        Global("__builtin__", "set");
        Write(PickleOpcode.EmptyList);
        Write(PickleOpcode.Mark);
        foreach (object item in set)
            Key(item, $"an item of {where}", depth + 1);
        Write(PickleOpcode.Appends);
        Write(PickleOpcode.Tuple1);
        Write(PickleOpcode.Reduce);
    }

    // Other keys would be written, and refused when the file is read.
    private void Key(object key, string where, int depth)
    {
        if (key is Tensor or null or (IEnumerable and not string))
            throw new ArgumentException(
                $"{where} is {key?.GetType().Name ?? "null"}; keys of dictionaries and items of sets can be text and numbers.");
        Value(key, where, depth);
    }

    // Protocol 2 has no bytes: Python writes them as text of the characters 0 to 255 and a call that turns it back.
    private void Bytes(byte[] bytes)
    {
        Global("_codecs", "encode");
        Text(Encoding.Latin1.GetString(bytes), "bytes");
        Text("latin1", "bytes");
        Write(PickleOpcode.Tuple2);
        Write(PickleOpcode.Reduce);
    }

    private void TensorView(Tensor tensor, string where)
    {
        if (tensor.IsInvalid)
            throw new ArgumentException($"{where} is a tensor that was disposed; give one that is alive.");
        if (DtypeNames.TorchStorage.NameOf(tensor.dtype) is not { } storage)
            throw new ArgumentException($"{where} is {tensor.dtype}, which has no place in a checkpoint; convert it with to(...) first.");
        if (!keys.TryGetValue(tensor, out int key))
        {
            keys.Add(tensor, key = storages.Count);
            storages.Add(tensor);
        }

        Global("torch._utils", "_rebuild_tensor_v2");
        Write(PickleOpcode.Mark);

        Write(PickleOpcode.Mark);
        Text("storage", where);
        Global("torch", storage);
        Text($"{key}", where);
        Text("cpu", where);
        Integer(tensor.numel());
        Write(PickleOpcode.Tuple);
        Write(PickleOpcode.BinPersId);

        Integer(0);
        long[] sizes = tensor.shape;
        var strides = new long[sizes.Length];
        for (long d = sizes.Length - 1, stride = 1; d >= 0; stride *= Math.Max(1, sizes[d]), d--)
            strides[d] = stride;
        Shape(sizes);
        Shape(strides);
        Write(PickleOpcode.NewFalse); // requires_grad
        Global("collections", "OrderedDict"); // backward hooks
        Write(PickleOpcode.EmptyTuple);
        Write(PickleOpcode.Reduce);
        Write(PickleOpcode.Tuple);
        Write(PickleOpcode.Reduce);
    }

    private void Shape(long[] numbers)
    {
        Write(PickleOpcode.Mark);
        foreach (long number in numbers)
            Integer(number);
        Write(PickleOpcode.Tuple);
    }

    private void Global(string module, string name)
    {
        Write(PickleOpcode.Global);
        pickle.Write(Utf8.GetBytes($"{module}\n{name}\n"));
    }

    private void Text(string text, string where)
    {
        byte[] bytes;
        try
        {
            bytes = Utf8.GetBytes(text);
        }
        catch (EncoderFallbackException e)
        {
            throw new ArgumentException($"{where} holds half a surrogate pair, which is no text.", e);
        }
        Write(PickleOpcode.BinUnicode);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        pickle.Write(length);
        pickle.Write(bytes);
    }

    private void Integer(BigInteger value)
    {
        if (value >= int.MinValue && value <= int.MaxValue)
        {
            Write(PickleOpcode.BinInt);
            Span<byte> four = stackalloc byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(four, (int)value);
            pickle.Write(four);
            return;
        }
        byte[] bytes = value.ToByteArray();
        if (bytes.Length > byte.MaxValue)
            throw new ArgumentException($"An integer of {bytes.Length} bytes is longer than a checkpoint holds, {byte.MaxValue}.");
        Write(PickleOpcode.Long1, (byte)bytes.Length);
        pickle.Write(bytes);
    }

    private void Float(double value)
    {
        Write(PickleOpcode.BinFloat);
        Span<byte> eight = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleBigEndian(eight, value);
        pickle.Write(eight);
    }

    private void Write(PickleOpcode opcode) => pickle.WriteByte((byte)opcode);

    private void Write(PickleOpcode opcode, byte argument)
    {
        pickle.WriteByte((byte)opcode);
        pickle.WriteByte(argument);
    }
}
