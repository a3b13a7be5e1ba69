using System.Numerics;

namespace SpeechBrain.Sharp.Data;

/// <summary>
/// An open audio file that is read from front to back into the caller's memory. Every way in which libsndfile tells that a file is damaged, and
/// those in which it doesn't, end in an exception that names it.
/// </summary>
internal sealed class AudioDecoder : IDisposable
{
    private readonly Sndfile.Handle file;
    private readonly string path;
    private long position;

    private AudioDecoder(Sndfile.Handle file, string path, Sndfile.FileInfo info)
    {
        (this.file, this.path) = (file, path);
        (Info, Format) = (new AudioInfo(info.Frames, info.SampleRate, info.Channels), info.Format);
    }

    /// <summary>What the header says.</summary>
    internal AudioInfo Info { get; }

    /// <summary>libsndfile's number of the file's format and the coding of its samples.</summary>
    internal int Format { get; }

    /// <summary>Opens a file at its first frame.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is not audio, or it is cut short (WAV).</exception>
    internal static AudioDecoder Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
            throw new FileNotFoundException(
                $"There is no audio file '{path}'; check the path, and the folder that '$data_root' of a manifest stands for.", path);

        Sndfile.FileInfo info = default;
        var file = Sndfile.Open(path, Sndfile.ModeRead, ref info);
        if (file.IsInvalid)
        {
            var reason = Sndfile.ErrorText(file);
            file.Dispose();
            throw new InvalidDataException($"'{path}' cannot be read as audio: {reason.TrimEnd('.')}. Fetch or copy it again, or leave it out.");
        }

        // libsndfile shortens a WAV file that was cut, without a word; its header still tells.
        if ((info.Format & Sndfile.FormatTypeMask) == Sndfile.FormatWav && WavHeader.MissingBytes(path) is var missing and > 0)
        {
            file.Dispose();
            throw new InvalidDataException(
                $"'{path}' is cut short: its header announces {missing} bytes more than there are. Fetch or copy it again.");
        }

        return new AudioDecoder(file, path, info);
    }

    /// <summary>What to say of a file that does not tell its length, where that is needed.</summary>
    internal static string NoLength(string path) =>
        $"'{path}' does not tell its length, as when it was written to a pipe, so that nobody can see whether it is whole: convert it again";

    /// <summary>Goes to a frame of the file.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    internal void Seek(long frame)
    {
        if (Sndfile.Seek(file, frame, (int)SeekOrigin.Begin) != frame)
            throw new InvalidDataException($"Cannot go to frame {frame} of '{path}': {Sndfile.ErrorText(file)}.");
        position = frame;
    }

    /// <summary>Fills <paramref name="samples"/> with the next frames, their channels side by side; full scale is -1 to 1.</summary>
    /// <param name="samples">A whole number of frames, no more than are left.</param>
    /// <exception cref="InvalidDataException">The file is cut short or damaged, or one of floats that are not finite.</exception>
    internal void Read(Span<float> samples)
    {
        var frames = samples.Length / Info.Channels;
        Advance(frames, frames == 0 ? 0 : Sndfile.ReadFrames(file, samples, frames));
        if (FirstNotFinite(samples) is >= 0 and var at)
            throw new InvalidDataException(FormattableString.Invariant(
                $"'{path}' holds a sample that is {samples[at]}, in frame {position - frames + at / Info.Channels}: convert it again, or leave it out."));
    }

    /// <summary>As the other, but for samples of 32 bits: what the file has, shifted to the highest bits.</summary>
    internal void Read(Span<int> samples)
    {
        var frames = samples.Length / Info.Channels;
        Advance(frames, frames == 0 ? 0 : Sndfile.ReadFrames(file, samples, frames));
    }

    // x - x is 0, and NaN of what is not finite: whole vectors are looked at, and the one that holds it is then searched.
    private static int FirstNotFinite(ReadOnlySpan<float> samples)
    {
        int clean = 0;
        for (; clean <= samples.Length - Vector<float>.Count; clean += Vector<float>.Count)
        {
            var x = new Vector<float>(samples[clean..]);
            if (!Vector.EqualsAll(x - x, Vector<float>.Zero))
                break;
        }
        for (int i = clean; i < samples.Length; i++)
            if (!float.IsFinite(samples[i]))
                return i;
        return -1;
    }

    public void Dispose() => file.Dispose();

    // libsndfile hides some damage (a FLAC frame whose checksum is wrong) behind a full count and an error code.
    private void Advance(long wanted, long read)
    {
        if (read != wanted || Sndfile.Error(file) != 0)
        {
            var reason = Sndfile.Error(file) != 0 ? Sndfile.ErrorText(file) : "the file ends early";
            throw new InvalidDataException(
                $"'{path}' is damaged or cut short: {read} of {wanted} frames from frame {position} on could be read ({reason}). "
                + "Fetch or copy it again.");
        }

        position += wanted;
    }
}
