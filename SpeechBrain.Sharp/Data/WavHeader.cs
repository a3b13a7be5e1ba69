using System.Buffers.Binary;

namespace SpeechBrain.Sharp.Data;

/// <summary>The one thing about a RIFF/WAVE header that libsndfile does not report: whether the file holds all the samples it announces.</summary>
internal static class WavHeader
{
    /// <summary>Programs that write to a pipe cannot know the length and leave a number near 2^31 or 2^32, or 0.</summary>
    private const uint UnknownLength = 0x7FFFF000;

    /// <summary>Bytes that the data chunk announces and the file lacks; 0 when it is complete or the length was never known.</summary>
    internal static long MissingBytes(string path)
    {
        using var stream = File.OpenRead(path);
        Span<byte> header = stackalloc byte[12];
        if (stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length || !header[..4].SequenceEqual("RIFF"u8))
            return 0;

        var chunk = header[..8]; // name, length
        while (stream.ReadAtLeast(chunk, chunk.Length, throwOnEndOfStream: false) == chunk.Length)
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            if (chunk[..4].SequenceEqual("data"u8))
                return length is 0 or >= UnknownLength ? 0 : Math.Max(0, stream.Position + length - stream.Length);
            stream.Seek(length + (length & 1), SeekOrigin.Current); // chunks start at even places
        }

        return 0;
    }
}
