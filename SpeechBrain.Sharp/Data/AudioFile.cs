using System.Runtime.InteropServices;
using SpeechBrain.Sharp.Serialization;

namespace SpeechBrain.Sharp.Data;

/// <summary>
/// Reads whatever libsndfile reads (WAV, FLAC, Ogg, AIFF, ...) and writes 16-bit WAV and FLAC. A file that is missing, cut short or damaged is an
/// exception that names it, never a shorter or silent signal. Safe to use from many threads.
/// </summary>
/// <remarks>
/// Needs libsndfile on the machine (Debian: <c>libsndfile1</c>); without it every call throws <see cref="DllNotFoundException"/> saying how to get
/// it.
/// </remarks>
public static class AudioFile
{
    private const float Int16FullScale = 32768f;

    /// <summary>Reads the header only.</summary>
    /// <param name="path">An audio file.</param>
    /// <returns>Frames, rate and channels.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is not audio, or it is cut short (WAV).</exception>
    public static AudioInfo Info(string path)
    {
        using var decoder = AudioDecoder.Open(path);
        return decoder.Info;
    }

    /// <summary>
    /// Decodes a file to its end, and compares the samples with the MD5 that a FLAC file's header holds. Only this finds bytes that were changed
    /// together with their frame's checksum, or a file that was put together of parts; what is cut short or damaged otherwise is found by reading
    /// it too.
    /// </summary>
    /// <param name="path">An audio file.</param>
    /// <returns>Whether there was a checksum to compare with; every FLAC file that LibriSpeech ships has one.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// The file is not audio, it is cut short or damaged, its checksum is of other samples, or it does not tell its length.
    /// </exception>
    public static AudioVerification Verify(string path) => AudioChecksum.Verify(path).Result;

    /// <summary>Decodes a file or a part of it, every channel.</summary>
    /// <param name="path">An audio file.</param>
    /// <param name="startFrame">First frame to read, 0 to the file's frames.</param>
    /// <param name="frameCount">How many frames to read; null: to the end. The range must lie in the file.</param>
    /// <returns>float32, <c>[frames, channels]</c>; 16-bit material is divided by 32768.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is not audio, or it is cut short or damaged.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The range is not in the file.</exception>
    public static AudioData Read(string path, long startFrame = 0, long? frameCount = null)
    {
        using var decoder = AudioDecoder.Open(path);
        var info = decoder.Info;
        if (startFrame < 0 || startFrame > info.Frames)
        {
            throw new ArgumentOutOfRangeException(nameof(startFrame), startFrame,
                $"'{path}' has {info.Frames} frames, so startFrame must be 0 to {info.Frames}.");
        }

        var frames = frameCount ?? info.Frames - startFrame;
        if (frames < 0 || frames > info.Frames - startFrame)
        {
            throw new ArgumentOutOfRangeException(nameof(frameCount), frames,
                $"'{path}' has {info.Frames} frames, so frameCount must be 0 to {info.Frames - startFrame} from frame {startFrame} on.");
        }

        if (frameCount is null && frames > Array.MaxLength / info.Channels)
        {
            throw new InvalidDataException(
                $"'{path}' announces {frames} frames of {info.Channels} channels, too many for one array: its header is damaged, or it was written to a pipe "
                + $"and does not tell its length. Convert it again, or read it in parts of at most {Array.MaxLength / info.Channels} frames.");
        }

        if (frames > Array.MaxLength / info.Channels)
        {
            throw new ArgumentOutOfRangeException(nameof(frameCount), frames,
                $"{frames} frames of {info.Channels} channels are too many for one array; "
                + $"read '{path}' in parts of at most {Array.MaxLength / info.Channels} frames.");
        }

        if (startFrame > 0)
            decoder.Seek(startFrame);
        var samples = GC.AllocateUninitializedArray<float>((int)(frames * info.Channels));
        decoder.Read(samples);
        return new AudioData(samples, info.SampleRate, info.Channels);
    }

    /// <summary>Decodes a file or a part of it and averages its channels.</summary>
    /// <param name="path">An audio file.</param>
    /// <param name="startFrame">First frame to read, 0 to the file's frames.</param>
    /// <param name="frameCount">How many frames to read; null: to the end. The range must lie in the file.</param>
    /// <returns>Audio of one channel.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is not audio, or it is cut short or damaged.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The range is not in the file.</exception>
    public static AudioData ReadMono(string path, long startFrame = 0, long? frameCount = null)
    {
        var audio = Read(path, startFrame, frameCount);
        return audio.Channels == 1 ? audio : new AudioData(audio.ToMono(), audio.SampleRate, 1);
    }

    /// <summary>
    /// Writes 16-bit PCM, as FLAC or WAV by the extension of <paramref name="path"/>. Samples are rounded to the nearest step of 1/32768, so that
    /// what was read from a 16-bit file is written back bit for bit; beyond full scale they are clipped. The file appears under its name only when
    /// it is complete.
    /// </summary>
    /// <param name="path">Ends in <c>.flac</c> or <c>.wav</c>; an existing file is replaced.</param>
    /// <param name="audio">What to write; every sample must be finite.</param>
    /// <exception cref="ArgumentException">
    /// Another extension, no channel, a rate below 1 Hz, a broken last frame, or a sample that is NaN or infinite.
    /// </exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, AudioData audio)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(audio);
        var format = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".flac" => Sndfile.FormatFlac,
            ".wav" => Sndfile.FormatWav,
            var other => throw new ArgumentException($"Cannot write '{path}': its extension is '{other}'; use .flac or .wav.", nameof(path)),
        };
        if (audio.Channels < 1 || audio.SampleRate < 1 || audio.Samples.Length % audio.Channels != 0)
        {
            throw new ArgumentException(
                $"Cannot write '{path}': {audio.Samples.Length} samples in {audio.Channels} channels at {audio.SampleRate} Hz; "
                + "channels and rate must be at least 1 and the samples a multiple of the channels.", nameof(audio));
        }

        var steps = ToInt16(audio.Samples, path);
        AtomicFile.Write(path, temporary =>
        {
            var info = new Sndfile.FileInfo { SampleRate = audio.SampleRate, Channels = audio.Channels, Format = format | Sndfile.SubtypePcm16 };
            using (var file = Sndfile.Open(temporary, Sndfile.ModeWrite, ref info))
            {
                if (file.IsInvalid)
                    throw new IOException($"Cannot write '{path}': {Sndfile.ErrorText(file)}.");
                if (Sndfile.WriteFrames(file, steps, audio.Frames) != audio.Frames)
                    throw new IOException($"Cannot write '{path}': {Sndfile.ErrorText(file)}.");
            }
            // A file's last block is written when it is closed, and libsndfile keeps to itself whether there was room for it.
            if (FramesOf(temporary) is var written && written != audio.Frames)
                throw new IOException($"Cannot write '{path}': {written} of {audio.Frames} frames arrived on the disk; see whether it is full.");
        });
    }

    /// <summary>What a file's header says, 0 where it has none or does not tell.</summary>
    private static long FramesOf(string path)
    {
        Sndfile.FileInfo info = default;
        using var file = Sndfile.Open(path, Sndfile.ModeRead, ref info);
        return file.IsInvalid || info.Frames == long.MaxValue ? 0 : info.Frames;
    }

    private static short[] ToInt16(float[] samples, string path)
    {
        var steps = new short[samples.Length];
        for (var i = 0; i < steps.Length; i++)
        {
            if (!float.IsFinite(samples[i]))
                throw new ArgumentException($"Cannot write '{path}': sample {i} is {samples[i]}.", nameof(samples));
            steps[i] = (short)Math.Clamp(MathF.Round(samples[i] * Int16FullScale), short.MinValue, short.MaxValue);
        }

        return steps;
    }
}
