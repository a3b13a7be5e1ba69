using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using SpeechBrain.Sharp.Serialization;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>
/// Writes PNG files of 8-bit colours: a signature and three chunks, each of length, name, data and checksum
/// (https://www.w3.org/TR/png-3/, sections 5 and 11).
/// </summary>
internal static class Png
{
    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(CrcOfByte)];

    /// <summary>Writes a picture.</summary>
    /// <param name="path">The file; it is there only when it is complete.</param>
    /// <param name="rgb">Red, green and blue of each pixel, row by row.</param>
    /// <param name="width">Pixels a row.</param>
    /// <param name="height">Rows.</param>
    internal static void Write(string path, byte[] rgb, int width, int height)
    {
        byte[] file = Encode(rgb, width, height);
        AtomicFile.Write(path, temporary => File.WriteAllBytes(temporary, file));
    }

    /// <summary>The same as bytes.</summary>
    internal static byte[] Encode(byte[] rgb, int width, int height)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8; // bits a sample
        header[9] = 2; // red, green and blue; compression, filters and interlacing stay 0, the usual
        using var file = new MemoryStream();
        file.Write(Signature);
        WriteChunk(file, "IHDR", header);
        WriteChunk(file, "IDAT", Compressed(rgb, width * 3));
        WriteChunk(file, "IEND", []);
        return file.ToArray();
    }

    // Each row behind a byte that names its filter: 0, none.
    private static byte[] Compressed(byte[] rgb, int rowBytes)
    {
        using var result = new MemoryStream();
        using (var zlib = new ZLibStream(result, CompressionLevel.Optimal))
        {
            for (int start = 0; start < rgb.Length; start += rowBytes)
            {
                zlib.WriteByte(0);
                zlib.Write(rgb, start, rowBytes);
            }
        }
        return result.ToArray();
    }

    private static void WriteChunk(Stream file, string name, byte[] data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        byte[] named = [.. Encoding.ASCII.GetBytes(name), .. data];
        file.Write(named);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(named));
        file.Write(number);
    }

    // The CRC-32 of ISO 3309: the remainder by a polynomial over bits, a byte at a time by a table of the bytes' own remainders.
    private static uint Crc(byte[] data) => ~data.Aggregate(uint.MaxValue, (crc, value) => CrcTable[(byte)(crc ^ value)] ^ (crc >> 8));

    private static uint CrcOfByte(int value)
    {
        uint crc = (uint)value;
        for (int bit = 0; bit < 8; bit++)
            crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
        return crc;
    }
}
