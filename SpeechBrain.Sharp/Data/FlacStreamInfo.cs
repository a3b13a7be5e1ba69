using System.Buffers.Binary;

namespace SpeechBrain.Sharp.Data;

/// <summary>
/// The parts of a FLAC file's first block that libsndfile does not report (RFC 9639, section 8.2): the samples' bits, and the MD5 of all samples.
/// </summary>
/// <param name="BitsPerSample">4 to 32.</param>
/// <param name="Md5">
/// Of the samples as the encoder got them: channels side by side, signed, little-endian, in as few whole bytes as hold their bits. Empty where the
/// encoder did not store it.
/// </param>
internal sealed record FlacStreamInfo(int BitsPerSample, byte[] Md5)
{
    private const int BlockLength = 34, Md5At = 18;

    /// <summary>Null where the file does not begin as a FLAC stream does (FLAC in Ogg).</summary>
    internal static FlacStreamInfo? Read(string path)
    {
        using var stream = File.OpenRead(path);
        Span<byte> head = stackalloc byte[10];
        if (!Fill(stream, head))
            return null;
        // Some programs put an ID3 tag before the stream: ten bytes, the last four its length in 7 bits each.
        var start = head[..3].SequenceEqual("ID3"u8) ? head.Length + (head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]) : 0;
        stream.Seek(start, SeekOrigin.Begin);

        Span<byte> block = stackalloc byte[8 + BlockLength];
        if (!Fill(stream, block) || !block[..4].SequenceEqual("fLaC"u8) || (block[4] & 0x7F) != 0)
            return null;
        var info = block[8..];
        // From bit 80 on: rate 20 bits, channels - 1 in 3, bits of a sample - 1 in 5.
        var bits = (BinaryPrimitives.ReadUInt16BigEndian(info[12..]) >> 4 & 31) + 1;
        var md5 = info[Md5At..].ToArray();
        return new FlacStreamInfo(bits, md5.All(value => value == 0) ? [] : md5);
    }

    private static bool Fill(Stream stream, Span<byte> bytes) => stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length;
}
