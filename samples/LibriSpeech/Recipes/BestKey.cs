namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>Which checkpoints are the best.</summary>
internal enum BestKey
{
    /// <summary>Those of the last epochs, whatever validation says.</summary>
    Epoch,

    /// <summary>Those with the lowest word error rate in validation, as in SpeechBrain.</summary>
    WER,

    /// <summary>Those with the lowest loss in validation.</summary>
    Loss,
}
