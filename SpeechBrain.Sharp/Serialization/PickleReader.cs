using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace SpeechBrain.Sharp.Serialization;

/// <summary>
/// The arguments of pickle's instructions. Every length is compared with the bytes that are left before anything is made of that length.
/// </summary>
internal sealed class PickleReader(byte[] pickle, Func<string, InvalidDataException> bad)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>No number of this length has a meaning in a checkpoint; .NET's own bound is reached by an exception of another kind.</summary>
    private const int MaxIntegerBytes = 1024;

    private int position;

    /// <summary>Bytes read.</summary>
    internal int Position => position;

    internal ReadOnlySpan<byte> Bytes(long count)
    {
        if (count < 0 || count > pickle.Length - position)
            throw bad($"its pickle ends early: {count} bytes wanted at byte {position} of {pickle.Length}. Copy or save the file again");
        position += (int)count;
        return pickle.AsSpan(position - (int)count, (int)count);
    }

    internal byte Byte() => Bytes(1)[0];

    internal ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2));

    internal int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Bytes(4));

    internal uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4));

    internal long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Bytes(8));

    internal double Double() => BinaryPrimitives.ReadDoubleBigEndian(Bytes(8));

    internal string Text(long bytes)
    {
        int start = position;
        try
        {
            return Utf8.GetString(Bytes(bytes));
        }
        catch (DecoderFallbackException)
        {
            throw bad($"text at byte {start} of its pickle is not UTF-8. Copy or save the file again");
        }
    }

    /// <summary>A line without its end.</summary>
    internal string Line()
    {
        int length = pickle.AsSpan(position).IndexOf((byte)'\n');
        if (length < 0)
            throw bad($"its pickle ends early, in a line that begins at byte {position}. Copy or save the file again");
        string line = Text(length);
        position++;
        return line;
    }

    /// <summary>A whole number: a long where it fits.</summary>
    internal object Integer(long bytes)
    {
        if (bytes > MaxIntegerBytes)
            throw bad($"its pickle has a number of {bytes} bytes; at most {MaxIntegerBytes} are read");
        var value = new BigInteger(Bytes(bytes));
        return value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value;
    }
}
