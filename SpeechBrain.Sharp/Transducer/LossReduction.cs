namespace SpeechBrain.Sharp.Transducer;

/// <summary>How the losses of a batch become what is returned; the names are those of SpeechBrain's <c>reduction</c> argument.</summary>
public enum LossReduction
{
    /// <summary>No reduction: one value an utterance (a frame, for <see cref="Functional.NllLoss"/>).</summary>
    None,

    /// <summary>The sum over the batch.</summary>
    Sum,

    /// <summary>The mean; each loss says over what.</summary>
    Mean,

    /// <summary>One value an utterance, divided by its own length.</summary>
    Batch,

    /// <summary>The sum over the batch, divided by the number of utterances.</summary>
    BatchMean,
}
