namespace SpeechBrain.Sharp.Data;

/// <summary>What an audio file's header says; nothing is decoded to know it.</summary>
/// <param name="Frames">Samples in each channel; <see cref="long.MaxValue"/> where the file does not tell (FLAC that was written to a pipe).</param>
/// <param name="SampleRate">Hz.</param>
/// <param name="Channels">Channels, at least 1.</param>
public readonly record struct AudioInfo(long Frames, int SampleRate, int Channels)
{
    /// <summary>Whether the header tells how long the file is.</summary>
    public bool TellsLength => Frames < long.MaxValue;

    /// <summary>Seconds.</summary>
    public double Duration => (double)Frames / SampleRate;
}
