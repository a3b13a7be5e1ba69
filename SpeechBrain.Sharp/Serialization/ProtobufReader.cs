using System.Buffers.Binary;

namespace SpeechBrain.Sharp.Serialization;

/// <summary>
/// Reads the fields of a protobuf message one after the other (https://protobuf.dev/programming-guides/encoding/), without a schema and without
/// copying. Lengths are checked against the message before use.
/// </summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private readonly ReadOnlySpan<byte> message = message;
    private int position;
    private ulong number;

    /// <summary>The number of the field that <see cref="Next"/> came to.</summary>
    internal int Field { get; private set; }

    /// <summary>The content of a field of bytes, text or a message; empty for numbers.</summary>
    internal ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>The value of an integer or boolean field.</summary>
    internal readonly long Integer => (long)number;

    /// <summary>The value of a 32-bit floating-point field.</summary>
    internal readonly float Float => BitConverter.UInt32BitsToSingle((uint)number);

    /// <summary>Goes to the next field.</summary>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="InvalidDataException">The message is damaged.</exception>
    internal bool Next()
    {
        if (position == message.Length)
            return false;
        ulong tag = Varint();
        Field = (int)(tag >> 3);
        Bytes = default;
        number = 0;
        switch (tag & 7)
        {
            case 0: number = Varint(); break;
            case 1: number = BinaryPrimitives.ReadUInt64LittleEndian(Take(8)); break;
            case 2: Bytes = Take(Varint()); break;
            case 5: number = BinaryPrimitives.ReadUInt32LittleEndian(Take(4)); break;
            default: throw new InvalidDataException($"a field of the unknown kind {tag & 7} at byte {position}");
        }
        return true;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Take(1)[0];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
        throw new InvalidDataException($"a number without an end at byte {position}");
    }

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)(message.Length - position))
            throw new InvalidDataException($"{count} bytes wanted at byte {position} of {message.Length}");
        var taken = message.Slice(position, (int)count);
        position += (int)count;
        return taken;
    }
}
