using System.Buffers.Binary;
using System.Numerics;

namespace SpeechBrain.Sharp.Training;

/// <summary>
/// The frame of a record in TensorFlow's files (https://www.tensorflow.org/tutorials/load_data/tfrecord): length (64 bits), its checksum (32),
/// content, its checksum (32), all little-endian.
/// </summary>
internal static class TfRecord
{
    /// <summary>Frames a record.</summary>
    internal static byte[] Frame(ReadOnlySpan<byte> content)
    {
        var frame = new byte[sizeof(ulong) + sizeof(uint) + content.Length + sizeof(uint)];
        BinaryPrimitives.WriteUInt64LittleEndian(frame, (ulong)content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(sizeof(ulong)), MaskedCrc(frame.AsSpan(0, sizeof(ulong))));
        content.CopyTo(frame.AsSpan(sizeof(ulong) + sizeof(uint)));
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(frame.Length - sizeof(uint)), MaskedCrc(content));
        return frame;
    }

    /// <summary>CRC-32C (Castagnoli; RFC 3720, appendix B.4).</summary>
    internal static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
            crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }

    /// <summary>A checksum turned and shifted, since checksums of what holds checksums are weak.</summary>
    internal static uint MaskedCrc(ReadOnlySpan<byte> bytes) => BitOperations.RotateRight(Crc(bytes), 15) + 0xa282ead8;
}
