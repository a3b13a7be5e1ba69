using System.Globalization;
using System.Text;

namespace SpeechBrain.Sharp.Data;

/// <summary>
/// What is known of audio files, written to disk as it becomes known, so that the preparation of a corpus that was interrupted goes on where it was
/// instead of reading, or verifying, a thousand hours again.
/// </summary>
/// <remarks>
/// A text file, a line an audio file: bytes, time of change, frames, rate, channels, whether verified, path. A file that has changed since is read
/// again. A line that was cut, by a killed process or a full disk, is not believed. Safe to use from many threads.
/// </remarks>
/// <example><code>
/// using var journal = new AudioJournal("manifests/prepare.part");
/// var utterances = corpus.Read("train-clean-100", verify: true, journal);
/// Manifest.Write("manifests/train-clean-100.csv", utterances, corpus.Folder);
/// journal.Complete();
/// </code></example>
public sealed class AudioJournal : IDisposable
{
    private readonly Dictionary<string, Entry> known = new(StringComparer.Ordinal);
    private readonly string path;
    private readonly FileStream file;
    private readonly object gate = new();

    /// <summary>Opens a journal, or begins one.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <exception cref="IOException">It can't be opened, or another process writes to it.</exception>
    public AudioJournal(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        this.path = path;
        file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        var whole = bytes.AsSpan().LastIndexOf((byte)'\n') + 1;
        foreach (var line in Encoding.UTF8.GetString(bytes, 0, whole).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Entry.Parse(line) is var (audio, entry))
                known[audio] = entry;
        }

        file.SetLength(whole);
        file.Seek(0, SeekOrigin.End);
    }

    /// <summary>Audio files that are known.</summary>
    public int Count
    {
        get
        {
            lock (gate)
                return known.Count;
        }
    }

    /// <summary>What an audio file's header says: from the journal, or else from the file, and into the journal.</summary>
    /// <param name="path">An audio file.</param>
    /// <param name="verify">Whether the file must have passed <see cref="AudioFile.Verify"/>.</param>
    /// <returns>Frames, rate and channels.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is not audio, cut short or, as far as was looked, damaged.</exception>
    public AudioInfo Info(string path, bool verify = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var full = Path.GetFullPath(path);
        var (bytes, changed) = State(full);
        lock (gate)
        {
            if (known.TryGetValue(full, out var entry) && entry.Bytes == bytes && entry.Changed == changed && (entry.Verified || !verify))
                return entry.Info;
        }

        var info = verify ? AudioChecksum.Verify(path).Info : AudioFile.Info(path);
        Add(full, new Entry(bytes, changed, info, verify));
        return info;
    }

    /// <summary>Ends the journal and removes its file: what it was kept for is done.</summary>
    public void Complete()
    {
        known.Clear();
        Dispose();
    }

    /// <summary>Closes the file, which stays if anything is known.</summary>
    public void Dispose()
    {
        file.Dispose();
        if (known.Count == 0)
            File.Delete(path);
    }

    private static (long Bytes, long Changed) State(string audio) =>
        new FileInfo(audio) is { Exists: true } state ? (state.Length, state.LastWriteTimeUtc.Ticks) : (-1, -1);

    private void Add(string audio, Entry entry)
    {
        lock (gate)
        {
            known[audio] = entry;
            if (!audio.Contains('\n'))
                file.Write(Encoding.UTF8.GetBytes(entry.Format(audio)));
        }
    }

    private sealed record Entry(long Bytes, long Changed, AudioInfo Info, bool Verified)
    {
        internal string Format(string audio) => FormattableString.Invariant(
            $"{Bytes}\t{Changed}\t{Info.Frames}\t{Info.SampleRate}\t{Info.Channels}\t{(Verified ? 1 : 0)}\t{audio}\n");

        internal static (string Audio, Entry Entry)? Parse(string line)
        {
            var fields = line.Split('\t', 7);
            var numbers = new long[6];
            for (var i = 0; i < numbers.Length; i++)
            {
                if (fields.Length < 7 || !long.TryParse(fields[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
                    return null;
            }

            return (fields[6], new Entry(numbers[0], numbers[1], new AudioInfo(numbers[2], (int)numbers[3], (int)numbers[4]), numbers[5] == 1));
        }
    }
}
