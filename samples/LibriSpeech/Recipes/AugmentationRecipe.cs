using System.ComponentModel;
using SpeechBrain.Sharp.Augment;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>What is done to audio (its speed) and to features (SpecAugment: stretches of time and of frequency dropped, and a warp of time).</summary>
internal sealed record AugmentationRecipe
{
    [Description("speeds in percent, one drawn for each utterance; 100 alone: no change")]
    public IReadOnlyList<int> Speeds { get; init; } = [95, 100, 105];

    [Description("augment features (SpecAugment): drop stretches of time, drop stretches of frequency, warp time")]
    public bool FeaAugment { get; init; }

    [Description("do so before features are normalised, as SpeechBrain does: what is dropped becomes 0 dB, and counts in the statistics; else the mean")]
    public bool FeaAugmentBeforeNormalize { get; init; }

    [Description("probability that a batch's features are augmented")]
    public double AugmentProb { get; init; } = 1;

    [Description("least number of the three ways that are applied")]
    public int MinAugmentations { get; init; } = 3;

    [Description("greatest number of them, drawn between the two")]
    public int MaxAugmentations { get; init; } = 3;

    [Description("apply them in an order that is drawn")]
    public bool ShuffleAugmentations { get; init; }

    [Description("apply each to the same utterances, with the results side by side, and not one upon the other")]
    public bool ParallelAugment { get; init; }

    [Description("keep the utterances as they are too, beside the augmented ones")]
    public bool ConcatOriginal { get; init; }

    [Description("how often a batch is augmented, with the results side by side")]
    public int RepeatAugment { get; init; } = 1;

    [Description("shortest dropped stretch of time, in frames of 10 ms")]
    public int TimeDropLengthLow { get; init; } = 12;

    [Description("longest dropped stretch of time")]
    public int TimeDropLengthHigh { get; init; } = 20;

    [Description("fewest dropped stretches of time")]
    public int TimeDropCountLow { get; init; } = 5;

    [Description("most dropped stretches of time")]
    public int TimeDropCountHigh { get; init; } = 5;

    [Description("what comes in place of dropped time: zeros, mean, rand, CutCat, swap or RandomSelection")]
    public SpectrogramReplace TimeDropReplace { get; init; } = SpectrogramReplace.Zeros;

    [Description("narrowest dropped stretch of frequency, in mel bands")]
    public int FreqDropLengthLow { get; init; } = 20;

    [Description("widest dropped stretch of frequency")]
    public int FreqDropLengthHigh { get; init; } = 25;

    [Description("fewest dropped stretches of frequency")]
    public int FreqDropCountLow { get; init; } = 2;

    [Description("most dropped stretches of frequency")]
    public int FreqDropCountHigh { get; init; } = 2;

    [Description("what comes in place of dropped frequencies")]
    public SpectrogramReplace FreqDropReplace { get; init; } = SpectrogramReplace.Zeros;

    [Description("by how many frames a warp of time moves the drawn one at most")]
    public int TimeWarpWindow { get; init; } = 5;

    /// <summary>What is done to features, where anything is.</summary>
    internal Augmenter Augmenter() => new(
        [
            new SpectrogramDrop(TimeDropLengthLow, TimeDropLengthHigh, TimeDropCountLow, TimeDropCountHigh, TimeDropReplace),
            new SpectrogramDrop(FreqDropLengthLow, FreqDropLengthHigh, FreqDropCountLow, FreqDropCountHigh, FreqDropReplace, dim: 2),
            new Warping(TimeWarpWindow),
        ],
        parallelAugment: ParallelAugment, concatOriginal: ConcatOriginal, minAugmentations: MinAugmentations, maxAugmentations: MaxAugmentations,
        shuffleAugmentations: ShuffleAugmentations, repeatAugment: RepeatAugment, augmentProb: AugmentProb);

    internal void Check()
    {
        RangeException.Unless(Speeds.Count > 0 && Speeds.All(speed => speed is >= 50 and <= 200), nameof(Speeds), Speeds,
            "whole percents from 50 to 200 with commas between");
        RangeException.Unless(AugmentProb is >= 0 and <= 1, nameof(AugmentProb), AugmentProb, "0 to 1");
        Span(MinAugmentations, nameof(MinAugmentations), MaxAugmentations, nameof(MaxAugmentations), 3);
        RangeException.Unless(RepeatAugment >= 1, nameof(RepeatAugment), RepeatAugment, "at least 1");
        Span(TimeDropLengthLow, nameof(TimeDropLengthLow), TimeDropLengthHigh, nameof(TimeDropLengthHigh), int.MaxValue);
        Span(TimeDropCountLow, nameof(TimeDropCountLow), TimeDropCountHigh, nameof(TimeDropCountHigh), short.MaxValue);
        Span(FreqDropLengthLow, nameof(FreqDropLengthLow), FreqDropLengthHigh, nameof(FreqDropLengthHigh), int.MaxValue);
        Span(FreqDropCountLow, nameof(FreqDropCountLow), FreqDropCountHigh, nameof(FreqDropCountHigh), short.MaxValue);
        RangeException.Unless(TimeWarpWindow >= 1, nameof(TimeWarpWindow), TimeWarpWindow, "at least 1");
    }

    private static void Span(int low, string lowName, int high, string highName, int most)
    {
        RangeException.Unless(low >= 0, lowName, low, "0 or more");
        RangeException.Unless(high >= low && high <= most, highName, high, $"at least {low}{(most < short.MaxValue ? $", at most {most}" : "")}");
    }
}
