namespace SpeechBrain.Sharp.Augment;

/// <summary>The shapes that an augmentation takes.</summary>
[Flags]
public enum AugmentationLayouts
{
    /// <summary>Waveforms of one channel, <c>[batch, time]</c>.</summary>
    BatchTime = 1,

    /// <summary>Waveforms, <c>[batch, time, channels]</c>.</summary>
    BatchTimeChannels = 2,

    /// <summary>Spectrograms, <c>[batch, time, features]</c>.</summary>
    BatchTimeFeatures = 4,

    /// <summary>Spectrograms of several channels, <c>[batch, time, features, channels]</c>.</summary>
    BatchTimeFeaturesChannels = 8,

    /// <summary>Both forms of waveforms.</summary>
    Waveforms = BatchTime | BatchTimeChannels,

    /// <summary>Both forms of spectrograms.</summary>
    Spectrograms = BatchTimeFeatures | BatchTimeFeaturesChannels,
}
