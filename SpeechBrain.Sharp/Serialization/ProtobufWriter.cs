using System.Buffers.Binary;
using System.Text;

namespace SpeechBrain.Sharp.Serialization;

/// <summary>Writes the fields of a protobuf message, the counterpart of <see cref="ProtobufReader"/>.</summary>
internal sealed class ProtobufWriter
{
    private readonly MemoryStream message = new();

    internal byte[] ToArray() => message.ToArray();

    /// <summary>A field of an integer or boolean, 0 or more.</summary>
    internal ProtobufWriter Integer(int field, long value)
    {
        Varint((ulong)field << 3);
        Varint((ulong)value);
        return this;
    }

    /// <summary>A field of a 32-bit floating-point number.</summary>
    internal ProtobufWriter Float(int field, float value)
    {
        Varint(((ulong)field << 3) | 5);
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        message.Write(bytes);
        return this;
    }

    /// <summary>A field of a 64-bit floating-point number.</summary>
    internal ProtobufWriter Double(int field, double value)
    {
        Varint(((ulong)field << 3) | 1);
        Span<byte> bytes = stackalloc byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        message.Write(bytes);
        return this;
    }

    /// <summary>A field of text.</summary>
    internal ProtobufWriter Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    /// <summary>A field that is a message itself.</summary>
    internal ProtobufWriter Message(int field, ProtobufWriter value) => Bytes(field, value.ToArray());

    /// <summary>A field of bytes.</summary>
    internal ProtobufWriter Bytes(int field, ReadOnlySpan<byte> value)
    {
        Varint(((ulong)field << 3) | 2);
        Varint((ulong)value.Length);
        message.Write(value);
        return this;
    }

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            message.WriteByte((byte)(value | 0x80));
        message.WriteByte((byte)value);
    }
}
