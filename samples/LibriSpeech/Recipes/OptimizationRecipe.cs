using System.ComponentModel;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>AdamW under a Noam schedule, upon the transducer loss and a share of CTC loss.</summary>
internal sealed record OptimizationRecipe
{
    [Description("passes over the training data"), MayChange]
    public int NumberOfEpochs { get; init; } = 50;

    [Description("highest learning rate, reached at the end of the warm-up")]
    public double Lr { get; init; } = 2e-3;

    [Description("steps over which the learning rate rises")]
    public int WarmupSteps { get; init; } = 100;

    [Description("AdamW's weight decay")]
    public double WeightDecay { get; init; } = 0.01;

    [Description("AdamW's memory of the gradient and of its square")]
    public IReadOnlyList<double> Betas { get; init; } = [0.9, 0.98];

    [Description("AdamW's least divisor")]
    public double Eps { get; init; } = 1e-8;

    [Description("batches whose gradients make one step")]
    public int GradAccumulationFactor { get; init; } = 1;

    [Description("longest gradient; a longer one is shortened to this norm; 0: none is")]
    public double MaxGradNorm { get; init; } = 5;

    [Description("batches of an epoch with a loss or gradient that is not finite, before training gives up"), MayChange]
    public int NonfinitePatience { get; init; } = 3;

    [Description("type of the products: fp32, bf16, or, on cuda, fp16")]
    public string Precision { get; init; } = "fp32";

    [Description("share of the CTC loss; the transducer loss has the rest of 1")]
    public double CtcWeight { get; init; } = 0.3;

    [Description("epochs that have a CTC loss; those after it have none, and the transducer loss keeps its share")]
    public int NumberOfCtcEpochs { get; init; } = 60;

    internal void Check()
    {
        RangeException.Unless(NumberOfEpochs >= 1, nameof(NumberOfEpochs), NumberOfEpochs, "at least 1");
        RangeException.Unless(Lr is > 0 and <= 1, nameof(Lr), Lr, "above 0, at most 1");
        RangeException.Unless(WarmupSteps >= 1, nameof(WarmupSteps), WarmupSteps, "at least 1");
        RangeException.Unless(WeightDecay is >= 0 and <= 1, nameof(WeightDecay), WeightDecay, "0 to 1");
        RangeException.Unless(
            Betas.Count == 2 && Betas.All(beta => beta is >= 0 and < 1), nameof(Betas), Betas, "two numbers from 0 to below 1, with a comma between");
        RangeException.Unless(Eps is > 0 and < 1, nameof(Eps), Eps, "above 0, below 1");
        RangeException.Unless(GradAccumulationFactor >= 1, nameof(GradAccumulationFactor), GradAccumulationFactor, "at least 1");
        RangeException.Unless(MaxGradNorm is >= 0 and < double.PositiveInfinity, nameof(MaxGradNorm), MaxGradNorm, "0 or more");
        RangeException.Unless(NonfinitePatience >= 0, nameof(NonfinitePatience), NonfinitePatience, "0 or more");
        RangeException.Unless(Precision is "fp32" or "bf16" or "fp16", nameof(Precision), Precision, "fp32, bf16 or fp16");
        RangeException.Unless(CtcWeight is >= 0 and < 1, nameof(CtcWeight), CtcWeight, "0 or more, below 1");
        RangeException.Unless(NumberOfCtcEpochs >= 0, nameof(NumberOfCtcEpochs), NumberOfCtcEpochs, "0 or more");
    }
}
