using System.Buffers;
using System.Security.Cryptography;

namespace SpeechBrain.Sharp.Data;

/// <summary>Decodes a file to its end, and compares what comes out with the MD5 that a FLAC file holds.</summary>
internal static class AudioChecksum
{
    private const int BlockFrames = 1 << 14;

    internal static (AudioInfo Info, AudioVerification Result) Verify(string path)
    {
        using var decoder = AudioDecoder.Open(path);
        var info = decoder.Info;
        if (!info.TellsLength)
            throw new InvalidDataException(AudioDecoder.NoLength(path) + ".");

        // libsndfile decodes 8, 16 and 24 bits exactly.
        var flac = (decoder.Format & Sndfile.FormatTypeMask) == Sndfile.FormatFlac ? FlacStreamInfo.Read(path) : null;
        var bytes = flac is { Md5.Length: > 0, BitsPerSample: 8 or 16 or 24 } ? flac.BitsPerSample / 8 : 0;
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        var samples = ArrayPool<int>.Shared.Rent(BlockFrames * info.Channels);
        var packed = ArrayPool<byte>.Shared.Rent(BlockFrames * info.Channels * Math.Max(1, bytes));
        try
        {
            for (long at = 0; at < info.Frames; at += BlockFrames)
            {
                var block = samples.AsSpan(0, (int)Math.Min(BlockFrames, info.Frames - at) * info.Channels);
                decoder.Read(block);
                if (bytes > 0)
                    md5.AppendData(Pack(block, bytes, packed));
            }
        }
        finally
        {
            ArrayPool<int>.Shared.Return(samples);
            ArrayPool<byte>.Shared.Return(packed);
        }

        if (bytes == 0)
            return (info, AudioVerification.Decoded);
        if (!md5.GetHashAndReset().AsSpan().SequenceEqual(flac!.Md5))
            throw new InvalidDataException(
                $"'{path}' has the wrong checksum: it decodes, but not to the samples whose MD5 is in its header, so it was changed or damaged "
                + "after it was made. Fetch it again, or leave it out.");
        return (info, AudioVerification.ChecksumMatches);
    }

    // libsndfile shifts samples to the highest of 32 bits.
    private static Span<byte> Pack(ReadOnlySpan<int> samples, int bytes, byte[] packed)
    {
        var at = 0;
        foreach (var sample in samples)
        {
            for (var shift = 32 - 8 * bytes; shift < 32; shift += 8)
                packed[at++] = (byte)(sample >> shift);
        }

        return packed.AsSpan(0, at);
    }
}
