using System.ComponentModel;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>Which model recognises, and how it searches: what <c>evaluate</c> and <c>transcribe</c> have in common.</summary>
internal abstract record RecognizeOptions
{
    [Description("folder of a model: one that 'train' wrote, or SpeechBrain's (model.ckpt, normalizer.ckpt, tokenizer.ckpt), or of a run (save/CKPT+...)")]
    public string Model { get; init; } = "runs/transducer";

    [Description("SentencePiece model; without it, tokenizer.ckpt or the one *.model file of the model's folder")]
    public string? TokenizerFile { get; init; }

    [Description("attention heads; without it, nhead of the folder's hyperparams.yaml")]
    public int? Nhead { get; init; }

    [Description("weight of the language model lm.ckpt of the model's folder, for a beam above 1; 0: none")]
    public double LmWeight { get; init; }

    [Description("chunk in frames of the encoder (40 ms each); 0: everything; without it, as the folder's hyperparams.yaml says")]
    public int? TestChunkSize { get; init; }

    [Description("chunks before its own that a frame sees; without it, all")]
    public int? LeftContextChunks { get; init; }

    [Description("cpu or cuda")]
    public string Device { get; init; } = "cpu";

    [Description("")]
    public DecodingRecipe Decoding { get; init; } = new();

    private protected void Check()
    {
        try
        {
            Decoding.Check();
            RangeException.Unless(LmWeight is >= 0 and < double.PositiveInfinity, nameof(LmWeight), LmWeight, "0 or more");
            RangeException.Unless(
                LmWeight == 0 || Decoding.BeamSize > 1, nameof(LmWeight), LmWeight, "0 for greedy search; give --beam-size 10 with it");
            RangeException.Unless(Nhead is null or >= 1, nameof(Nhead), Nhead, "at least 1");
            RangeException.Unless(TestChunkSize is null or >= 0, nameof(TestChunkSize), TestChunkSize, "0 or more");
            RangeException.Unless(LeftContextChunks is null or >= 0, nameof(LeftContextChunks), LeftContextChunks, "0 or more");
        }
        catch (RangeException e)
        {
            string option = Setting.Of(GetType()).First(setting => setting.Name == e.Name).Option;
            throw new UsageException($"Option '{option}' is '{e.Value}'; it must be {e.Range}.");
        }
        DeviceOption.Check(Device);
    }
}
