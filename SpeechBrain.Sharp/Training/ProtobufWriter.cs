using System.Buffers.Binary;
using System.Text;

namespace SpeechBrain.Sharp.Training;

/// <summary>Writes the fields of a protobuf message one after the other (https://protobuf.dev/programming-guides/encoding/), without a schema.</summary>
internal sealed class ProtobufWriter
{
    private const int Varint = 0, Fixed64 = 1, LengthDelimited = 2, Fixed32 = 5;

    private readonly List<byte> message = [];

    /// <summary>The message so far.</summary>
    internal byte[] ToArray() => [.. message];

    /// <summary>Adds an integer.</summary>
    internal ProtobufWriter Add(int field, long value)
    {
        Tag(field, Varint);
        Number((ulong)value);
        return this;
    }

    /// <summary>Adds a 32-bit floating-point number.</summary>
    internal ProtobufWriter Add(int field, float value)
    {
        Tag(field, Fixed32);
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        message.AddRange(bytes);
        return this;
    }

    /// <summary>Adds a 64-bit floating-point number.</summary>
    internal ProtobufWriter Add(int field, double value)
    {
        Tag(field, Fixed64);
        Span<byte> bytes = stackalloc byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        message.AddRange(bytes);
        return this;
    }

    /// <summary>Adds bytes.</summary>
    internal ProtobufWriter Add(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, LengthDelimited);
        Number((ulong)value.Length);
        message.AddRange(value);
        return this;
    }

    /// <summary>Adds text.</summary>
    internal ProtobufWriter Add(int field, string value) => Add(field, Encoding.UTF8.GetBytes(value));

    /// <summary>Adds a message.</summary>
    internal ProtobufWriter Add(int field, ProtobufWriter value) => Add(field, value.ToArray());

    private void Tag(int field, int kind) => Number((ulong)(field << 3 | kind));

    // Seven bits a byte from the lowest on; the highest bit says that more follow.
    private void Number(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            message.Add((byte)(value | 0x80));
        message.Add((byte)value);
    }
}
