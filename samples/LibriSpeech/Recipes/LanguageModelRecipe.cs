using System.ComponentModel;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>A language model that has its say in the beam search of the tests. It is not trained here.</summary>
internal sealed record LanguageModelRecipe
{
    [Description("weights of SpeechBrain's RNNLM, lm.ckpt, of the same tokenizer; without it, there is none"), MayChange]
    public string? LmFile { get; init; }

    [Description("its weight"), MayChange]
    public double LmWeight { get; init; } = 0.5;

    internal void Check() => RangeException.Unless(LmWeight is >= 0 and <= 100, nameof(LmWeight), LmWeight, "0 to 100");
}
