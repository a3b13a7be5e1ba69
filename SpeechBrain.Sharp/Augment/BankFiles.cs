using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Resampling;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Augment;

/// <summary>Decodes the files of a bank and brings them to one rate and one channel.</summary>
internal static class BankFiles
{
    private static readonly string[] Extensions = [".wav", ".flac", ".ogg", ".opus", ".aiff", ".aif", ".au"];

    /// <summary>The audio files below a folder, in order of their paths.</summary>
    internal static string[] In(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!Directory.Exists(folder))
            throw new ArgumentException($"There is no folder '{folder}'.", nameof(folder));
        string[] paths =
        [
            .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Where(path => Extensions.Contains(Path.GetExtension(path).ToLowerInvariant())).Order(StringComparer.Ordinal),
        ];
        return paths.Length > 0 ? paths
            : throw new ArgumentException($"There is no audio file ({string.Join(", ", Extensions)}) below '{folder}'.", nameof(folder));
    }

    /// <summary>Reads files.</summary>
    /// <param name="paths">At least one.</param>
    /// <param name="sampleRate">The rate that they get, in Hz.</param>
    /// <param name="firstChannel">Whether of several channels the first is taken; else they are averaged.</param>
    /// <param name="skipUnreadable">Whether the rest is used where files cannot be read.</param>
    /// <param name="say">Is told once what was converted and left out.</param>
    internal static (Tensor[] Recordings, BankReport Report) Read(
        IEnumerable<string> paths, int sampleRate, bool firstChannel, bool skipUnreadable, Action<string>? say)
    {
        ArgumentNullException.ThrowIfNull(paths);
        Require.Range(sampleRate, nameof(sampleRate), 1);
        string[] all = [.. paths];
        if (all.Length == 0)
            throw new ArgumentException("A bank needs at least one file; paths is empty.", nameof(paths));
        var resamplers = new Dictionary<int, Resample>();
        var recordings = new List<Tensor>();
        var unreadable = new List<UnreadableFile>();
        int resampled = 0, mixed = 0;
        foreach (string path in all)
        {
            AudioData audio;
            try
            {
                audio = AudioFile.Read(path);
                RequireSound(audio, path, firstChannel);
                if (audio.SampleRate != sampleRate && !resamplers.ContainsKey(audio.SampleRate))
                    resamplers.Add(audio.SampleRate, new Resample(audio.SampleRate, sampleRate));
            }
            // ArgumentException: the rates have no ratio that a kernel could be made for.
            catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException or ArgumentException)
            {
                unreadable.Add(new UnreadableFile(path, e.Message));
                continue;
            }
            using var scope = NewDisposeScope();
            var samples = audio.ToTensor();
            if (audio.Channels > 1)
                mixed++;
            samples = firstChannel ? samples.select(1, 0) : samples.mean([1]);
            if (audio.SampleRate != sampleRate)
            {
                resampled++;
                samples = resamplers[audio.SampleRate].call(samples.unsqueeze(0)).squeeze(0);
            }
            recordings.Add(samples.contiguous().DetachFromDisposeScope());
        }
        foreach (var resampler in resamplers.Values)
            resampler.Dispose();
        if (unreadable.Count > 0 && (!skipUnreadable || recordings.Count == 0))
        {
            recordings.ForEach(recording => recording.Dispose());
            throw new ArgumentException(
                $"{unreadable.Count} of {all.Length} files cannot be used: "
                + string.Join("; ", unreadable.Select(file => $"'{file.Path}': {file.Reason}"))
                + (skipUnreadable ? "" : " Repair them or leave them out; skipUnreadable: true uses the rest."), nameof(paths));
        }
        var report = new BankReport(recordings.Count, resampled, mixed, [.. unreadable]);
        if (!report.IsPlain)
            say?.Invoke(report.ToString());
        return ([.. recordings], report);
    }

    // A room without a sound would silence every example. (NaN, which would spread over them, is refused where files are read.)
    private static void RequireSound(AudioData audio, string path, bool firstChannel)
    {
        if (audio.Frames == 0)
            throw new InvalidDataException($"'{path}' holds no sample.");
        if (firstChannel && audio.Samples.Where((_, i) => i % audio.Channels == 0).All(sample => sample == 0))
            throw new InvalidDataException($"'{path}' is silent.");
    }

    /// <summary>Refuses recordings that are not <c>[time]</c> with at least one sample.</summary>
    internal static void RequireRecordings(IReadOnlyList<Tensor> recordings)
    {
        ArgumentNullException.ThrowIfNull(recordings);
        if (recordings.Count == 0)
            throw new ArgumentException("A bank needs at least one recording.", nameof(recordings));
        for (int i = 0; i < recordings.Count; i++)
        {
            Require.Rank(recordings[i], $"recordings[{i}]", "[time]", 1);
            Require.Floating(recordings[i], $"recordings[{i}]");
            if (recordings[i].shape[0] == 0)
                throw new ArgumentException($"recordings[{i}] holds no sample; leave it out.", nameof(recordings));
        }
    }
}
