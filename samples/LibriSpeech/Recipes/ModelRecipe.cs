using System.ComponentModel;
using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Transducer;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>Convolutions, Conformer, predictor (LSTM), joint network, and a CTC head.</summary>
internal sealed record ModelRecipe
{
    [Description("outputs, blank among them; without it, what the tokenizer has")]
    public int? OutputNeurons { get; init; }

    [Description("width of the Conformer")]
    public int DModel { get; init; } = 144;

    [Description("attention heads; must divide the width")]
    public int Nhead { get; init; } = 4;

    [Description("Conformer layers")]
    public int NumEncoderLayers { get; init; } = 2;

    [Description("width inside the feed-forward steps")]
    public int DFfn { get; init; } = 576;

    [Description("kind of attention: RelPosMHAXL, RoPEMHA or RegularMHA")]
    public AttentionType AttentionType { get; init; } = AttentionType.RelPosMHAXL;

    [Description("activation of the joint network: GELU, ReLU, Tanh, ...")]
    public string Activation { get; init; } = "GELU";

    [Description("width in which encoder and predictor are joined")]
    public int JointDim { get; init; } = 640;

    [Description("width of the predictor")]
    public int DecDim { get; init; } = 640;

    [Description("probability of dropout in the convolutions; some 0.1 for data that is not to be learnt by heart")]
    public double CnnDropout { get; init; }

    [Description("probability of dropout in the Conformer")]
    public double TransformerDropout { get; init; }

    [Description("probability of dropout before the predictor")]
    public double DecEmbDropout { get; init; }

    [Description("probability of dropout behind the predictor")]
    public double DecDropout { get; init; }

    /// <summary>What the library makes the model from.</summary>
    /// <param name="mels">Features of a frame.</param>
    /// <param name="vocabulary">Tokens of the tokenizer, which may be fewer than the outputs.</param>
    /// <param name="ctcWeight">Share of the CTC loss.</param>
    internal ConformerTransducerOptions Options(int mels, int vocabulary, double ctcWeight) => new()
    {
        NMels = mels,
        OutputNeurons = OutputNeurons ?? vocabulary,
        BlankIndex = 0,
        DModel = DModel,
        NHead = Nhead,
        NumEncoderLayers = NumEncoderLayers,
        DFfn = DFfn,
        AttentionType = AttentionType,
        JointActivation = Conformer.Activation.Parse(Activation),
        JointDim = JointDim,
        DecDim = DecDim,
        FrontEndDropout = CnnDropout,
        Dropout = TransformerDropout,
        DecEmbDropout = DecEmbDropout,
        DecDropout = DecDropout,
        CtcWeight = ctcWeight,
    };

    internal void Check()
    {
        RangeException.Unless(OutputNeurons is null or >= 2, nameof(OutputNeurons), OutputNeurons, "at least 2");
        RangeException.Unless(NumEncoderLayers >= 1, nameof(NumEncoderLayers), NumEncoderLayers, "at least 1");
        RangeException.Unless(DModel >= 2 && DModel % 2 == 0, nameof(DModel), DModel, "even, at least 2");
        RangeException.Unless(Nhead >= 1 && DModel % Nhead == 0, nameof(Nhead), Nhead, $"a divisor of d_model ({DModel})");
        RangeException.Unless(
            AttentionType != AttentionType.RoPEMHA || DModel / Nhead % 2 == 0, nameof(Nhead), Nhead,
            $"such that d_model / nhead ({DModel / Nhead}) is even, for RoPEMHA");
        RangeException.Unless(DFfn >= 1, nameof(DFfn), DFfn, "at least 1");
        RangeException.Unless(IsActivation(), nameof(Activation), Activation, "Identity, ReLU, LeakyReLU, GELU, Swish, Tanh or Sigmoid");
        RangeException.Unless(JointDim >= 1, nameof(JointDim), JointDim, "at least 1");
        RangeException.Unless(DecDim >= 1, nameof(DecDim), DecDim, "at least 1");
        RangeException.Unless(CnnDropout is >= 0 and < 1, nameof(CnnDropout), CnnDropout, "0 or more, below 1");
        RangeException.Unless(TransformerDropout is >= 0 and < 1, nameof(TransformerDropout), TransformerDropout, "0 or more, below 1");
        RangeException.Unless(DecEmbDropout is >= 0 and < 1, nameof(DecEmbDropout), DecEmbDropout, "0 or more, below 1");
        RangeException.Unless(DecDropout is >= 0 and < 1, nameof(DecDropout), DecDropout, "0 or more, below 1");
    }

    private bool IsActivation()
    {
        try
        {
            Conformer.Activation.Parse(Activation);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
