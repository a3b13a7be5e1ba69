namespace SpeechBrain.Sharp.Serialization;

/// <summary>
/// A folder <c>CKPT+...</c> as SpeechBrain's <c>Checkpointer</c> writes it: <c>CKPT.yaml</c> describes the moment, and each recoverable object
/// has a file <c>NAME.ckpt</c> (model, optimizer, scheduler, normalizer: <see cref="SpeechBrainCheckpoint"/>; counter: text).
/// </summary>
/// <remarks>Source: SpeechBrain 1.1.0, <c>utils/checkpoints.py</c>.</remarks>
public sealed class SpeechBrainCheckpointFolder
{
    /// <summary>With what the names of such folders begin.</summary>
    public const string Prefix = "CKPT+";

    private const string Extension = ".ckpt";

    private SpeechBrainCheckpointFolder(string path, IReadOnlyDictionary<string, object?> meta)
    {
        Path = path;
        Meta = meta;
        Names =
        [
            .. Directory.GetFiles(path, "*" + Extension).Select(f => System.IO.Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>What <c>CKPT.yaml</c> says: null, bool, long, double or string by key; for example <c>WER</c>, <c>epoch</c>.</summary>
    public IReadOnlyDictionary<string, object?> Meta { get; }

    /// <summary>The names of the objects that were saved, in order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>When it was written, in seconds since 1970; 0 where it does not say.</summary>
    public double UnixTime => Meta.GetValueOrDefault("unixtime") switch { double seconds => seconds, long seconds => seconds, _ => 0 };

    /// <summary>Whether it was written at the end of an epoch; else in its middle.</summary>
    public bool EndOfEpoch => Meta.GetValueOrDefault("end-of-epoch") is true;

    /// <summary>Opens a folder.</summary>
    /// <param name="path">The folder.</param>
    /// <returns>What it says of itself; no object is read.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">It has no <c>CKPT.yaml</c>, or one that is damaged.</exception>
    public static SpeechBrainCheckpointFolder Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!Directory.Exists(path))
            throw new DirectoryNotFoundException($"There is no checkpoint folder '{path}'.");
        string meta = System.IO.Path.Combine(path, CheckpointMeta.FileName);
        if (!File.Exists(meta))
            throw new InvalidDataException($"'{path}' has no {CheckpointMeta.FileName}; name a folder that begins with '{Prefix}'.");
        return new SpeechBrainCheckpointFolder(path, CheckpointMeta.Read(meta));
    }

    /// <summary>The file of an object.</summary>
    /// <param name="name">Its name, for example <c>model</c>.</param>
    /// <returns>The file's path.</returns>
    /// <exception cref="FileNotFoundException">It was not saved; the message names what was.</exception>
    public string FileOf(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Names.Contains(name)
            ? System.IO.Path.Combine(Path, name + Extension)
            : throw new FileNotFoundException($"Checkpoint '{Path}' has no {name}{Extension}; it has "
                + $"{string.Join(", ", Names.Select(n => n + Extension))}.");
    }
}
