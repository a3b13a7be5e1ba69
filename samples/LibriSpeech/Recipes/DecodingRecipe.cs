using System.ComponentModel;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>The search for the text.</summary>
internal sealed record DecodingRecipe
{
    [Description("hypotheses that the search keeps; 1: greedy search"), MayChange]
    public int BeamSize { get; init; } = 1;

    [Description("how much less likely than the best a hypothesis may be, in nats, to be extended by another label"), MayChange]
    public double StateBeam { get; init; } = 2.3;

    [Description("how much less likely than the best label another may be, in nats"), MayChange]
    public double ExpandBeam { get; init; } = 2.3;

    internal void Check()
    {
        RangeException.Unless(BeamSize >= 1, nameof(BeamSize), BeamSize, "at least 1");
        RangeException.Unless(StateBeam is >= 0 and < double.PositiveInfinity, nameof(StateBeam), StateBeam, "0 or more");
        RangeException.Unless(ExpandBeam is >= 0 and < double.PositiveInfinity, nameof(ExpandBeam), ExpandBeam, "0 or more");
    }
}
