using System.ComponentModel;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>
/// Everything that can be set for a training run. The defaults learn 60 short prompts by heart in some two minutes on one CPU core.
/// </summary>
internal sealed record TrainingOptions
{
    [Description("manifest of the utterances to train on")]
    public string TrainManifest { get; init; } = "data/asterisk/train-prompts.csv";

    [Description("manifest of the utterances that training never sees")]
    public string HeldOutManifest { get; init; } = "data/asterisk/heldout-prompts.csv";

    [Description("folder that $data_root stands for in the manifests")]
    public string DataRoot { get; init; } = "data/asterisk/LibriSpeech";

    [Description("folder for the trained weights")]
    public string Output { get; init; } = "runs/transducer";

    [Description("passes over the training data")]
    public int Epochs { get; init; } = 50;

    [Description("last epochs whose weights are averaged; 1: those of the last alone")]
    public int AverageEpochs { get; init; } = 10;

    [Description("utterances a batch")]
    public int BatchSize { get; init; } = 6;

    [Description("highest learning rate, reached at the end of the warm-up")]
    public double LearningRate { get; init; } = 2e-3;

    [Description("steps over which the learning rate rises")]
    public int WarmUpSteps { get; init; } = 100;

    [Description("AdamW's weight decay")]
    public double WeightDecay { get; init; } = 0.01;

    [Description("longest gradient; a longer one is shortened to this norm")]
    public double MaxGradNorm { get; init; } = 5;

    [Description("share of the CTC loss; the transducer loss has the rest of 1")]
    public double CtcWeight { get; init; } = 0.3;

    [Description("speeds in percent, one drawn for each utterance; 100 alone: no augmentation")]
    public string Speeds { get; init; } = "95,100,105";

    [Description("encoder frames (40 ms each) in a chunk; a frame sees its chunk and those before it; 0: everything")]
    public int ChunkSize { get; init; } = 8;

    [Description("width of the Conformer")]
    public int ModelDim { get; init; } = 144;

    [Description("Conformer layers")]
    public int EncoderLayers { get; init; } = 2;

    [Description("attention heads; must divide the width")]
    public int AttentionHeads { get; init; } = 4;

    [Description("width of the predictor and of the joint network")]
    public int JointDim { get; init; } = 640;

    [Description("probability of dropout; some 0.1 for data that is not to be learned by heart")]
    public double Dropout { get; init; }

    [Description("seed of the weights, the order of the batches and the speeds")]
    public int Seed { get; init; } = 1986;

    [Description("cpu or cuda")]
    public string Device { get; init; } = "cpu";

    internal const int SampleRate = 16000;

    internal IReadOnlyList<int> SpeedList => [.. Speeds.Split(',').Select(int.Parse)];

    internal RecognizerSizes Sizes(string alphabet) => new(alphabet, ModelDim, EncoderLayers, AttentionHeads, JointDim, ChunkSize);

    internal static TrainingOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = OptionParser.Parse<TrainingOptions>(arguments);
        Require(options.Epochs >= 1, "--epochs", options.Epochs, "at least 1");
        Require(options.AverageEpochs >= 1, "--average-epochs", options.AverageEpochs, "at least 1");
        Require(options.BatchSize >= 1, "--batch-size", options.BatchSize, "at least 1");
        Require(options.LearningRate is > 0 and <= 1, "--learning-rate", options.LearningRate, "above 0, at most 1");
        Require(options.WarmUpSteps >= 1, "--warm-up-steps", options.WarmUpSteps, "at least 1");
        Require(options.WeightDecay is >= 0 and <= 1, "--weight-decay", options.WeightDecay, "0 to 1");
        Require(options.MaxGradNorm > 0, "--max-grad-norm", options.MaxGradNorm, "above 0");
        Require(options.CtcWeight is >= 0 and < 1, "--ctc-weight", options.CtcWeight, "0 or more, below 1");
        Require(options.Speeds.Split(',').All(IsSpeed), "--speeds", options.Speeds, "whole percents from 50 to 200 with commas between");
        Require(options.ChunkSize >= 0, "--chunk-size", options.ChunkSize, "0 or more");
        Require(options.EncoderLayers >= 1, "--encoder-layers", options.EncoderLayers, "at least 1");
        Require(options.ModelDim >= 2 && options.ModelDim % 2 == 0, "--model-dim", options.ModelDim, "even, at least 2");
        Require(options.AttentionHeads >= 1 && options.ModelDim % options.AttentionHeads == 0, "--attention-heads", options.AttentionHeads,
            $"a divisor of --model-dim ({options.ModelDim})");
        Require(options.JointDim >= 1, "--joint-dim", options.JointDim, "at least 1");
        Require(options.Dropout is >= 0 and < 1, "--dropout", options.Dropout, "0 or more, below 1");
        DeviceOption.Check(options.Device);
        return options;
    }

    private static bool IsSpeed(string text) => int.TryParse(text, out var percent) && percent is >= 50 and <= 200;

    private static void Require(bool holds, string option, object value, string range)
    {
        if (!holds)
            throw new UsageException(FormattableString.Invariant($"Option '{option}' is '{value}'; it must be {range}."));
    }
}
