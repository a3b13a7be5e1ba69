namespace SpeechBrain.Sharp.Augment;

/// <summary>What became of the files of a bank.</summary>
/// <param name="Used">Files that are in the bank.</param>
/// <param name="Resampled">How many of them had another rate and were resampled.</param>
/// <param name="Mixed">How many had several channels: those of noise are averaged, of impulse responses the first is taken.</param>
/// <param name="Unreadable">Files that were left out.</param>
public sealed record BankReport(int Used, int Resampled, int Mixed, ValueList<UnreadableFile> Unreadable)
{
    /// <summary>Whether every file was used as it is.</summary>
    public bool IsPlain => Resampled == 0 && Mixed == 0 && Unreadable.Count == 0;

    /// <summary>One line, for example <c>200 files; 3 resampled; 2 brought to one channel; 1 left out: noise/a.wav (not audio)</c>.</summary>
    public override string ToString()
    {
        var parts = new List<string> { $"{Used} files" };
        if (Resampled > 0)
            parts.Add($"{Resampled} resampled");
        if (Mixed > 0)
            parts.Add($"{Mixed} brought to one channel");
        if (Unreadable.Count > 0)
            parts.Add($"{Unreadable.Count} left out: {string.Join(", ", Unreadable.Select(file => $"{file.Path} ({file.Reason})"))}");
        return string.Join("; ", parts);
    }
}
