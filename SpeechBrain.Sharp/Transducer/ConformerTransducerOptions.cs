using SpeechBrain.Sharp.Conformer;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>
/// The sizes of a <see cref="ConformerTransducer"/>. The defaults are those of SpeechBrain 1.1.0,
/// <c>recipes/LibriSpeech/ASR/transducer/hparams/conformer_transducer.yaml</c>: 79 million parameters.
/// </summary>
public sealed record ConformerTransducerOptions
{
    /// <summary>Features of an input frame (mel bands).</summary>
    public long NMels { get; init; } = 80;

    /// <summary>Channels of each block of the front end.</summary>
    public IReadOnlyList<long> FrontEndChannels { get; init; } = [64, 32];

    /// <summary>Kernel size of each block, in time and frequency; as many as there are channels.</summary>
    public IReadOnlyList<long> FrontEndKernelSizes { get; init; } = [3, 3];

    /// <summary>Stride of each block, in time and frequency: by their product there are fewer frames.</summary>
    public IReadOnlyList<long> FrontEndStrides { get; init; } = [2, 2];

    /// <summary>Probability of dropping in the front end.</summary>
    public double FrontEndDropout { get; init; } = 0.1;

    /// <summary>Features of the encoder.</summary>
    public long DModel { get; init; } = 512;

    /// <summary>Attention heads.</summary>
    public long NHead { get; init; } = 8;

    /// <summary>Layers of the encoder.</summary>
    public long NumEncoderLayers { get; init; } = 12;

    /// <summary>Features inside the feed-forward steps.</summary>
    public long DFfn { get; init; } = 2048;

    /// <summary>Frames that the encoder's convolutions see.</summary>
    public long KernelSize { get; init; } = 31;

    /// <summary>The kind of attention.</summary>
    public AttentionType AttentionType { get; init; } = AttentionType.RoPEMHA;

    /// <summary>Probability of dropping in the encoder.</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>Rows of the tables of absolute positions; they are in the state dict even where they go unused.</summary>
    public long MaxLength { get; init; } = 2500;

    /// <summary>Width in which encoder and predictor are joined.</summary>
    public long JointDim { get; init; } = 640;

    /// <summary>Of the joint network.</summary>
    public Activation JointActivation { get; init; } = Activation.GELU;

    /// <summary>Outputs: labels and blank.</summary>
    public long OutputNeurons { get; init; } = 1000;

    /// <summary>Which output is blank.</summary>
    public long BlankIndex { get; init; }

    /// <summary>Width of the prediction network.</summary>
    public long DecDim { get; init; } = 512;

    /// <summary>Probability of dropping the prediction network's input.</summary>
    public double DecEmbDropout { get; init; } = 0.2;

    /// <summary>Probability of dropping the prediction network's output.</summary>
    public double DecDropout { get; init; } = 0.1;

    /// <summary>The share of the CTC loss, 0 to 1; the transducer loss has the rest.</summary>
    public double CtcWeight { get; init; } = 0.3;

    /// <summary>
    /// Whether the loss computes the joint and the output layer itself, a slice of the batch at a time, see
    /// <see cref="Functional.FusedTransducerLoss"/>: a fraction of the memory, and the same values and gradients but for rounding. False:
    /// all logits first, then <see cref="Functional.TransducerLoss(Tensor, Tensor, long[], long[], long, LossReduction, bool, TransducerLossOptions?)"/>.
    /// </summary>
    public bool FusedLoss { get; init; } = true;

    /// <summary>Bytes that the fused loss may take; null: what a batch's largest utterance needs. See <see cref="TransducerMemoryPlan"/>.</summary>
    public long? LossMemoryBudget { get; init; }

    /// <summary>
    /// The type of products, see <see cref="MixedPrecision"/>: BFloat16, Float16 (on a GPU), or null for the weights' own. It is what the model
    /// begins with; <see cref="MixedPrecision.ComputeIn"/> changes it.
    /// </summary>
    public ScalarType? ComputeType { get; init; }

    /// <summary>
    /// Treat padding as SpeechBrain does, for models trained with it: relative lengths are rounded anew after the front end, the front end
    /// does not know where an utterance ends, and padding leaks through the encoder's convolutions.
    /// </summary>
    public bool SpeechBrainCompatible { get; init; }
}
