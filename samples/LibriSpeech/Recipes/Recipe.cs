using System.ComponentModel;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>
/// Everything that can be set for a training, in groups. The names are those of SpeechBrain 1.1.0,
/// <c>recipes/LibriSpeech/ASR/transducer/hparams/conformer_transducer.yaml</c>, whose values are in
/// <c>Recipes/conformer_transducer.yaml</c>. The defaults are for the default data: they learn 60 short prompts by heart in a minute and a half on
/// one CPU core. A YAML file overrides them, and the command line overrides that: see <see cref="TrainOptions"/>.
/// </summary>
internal sealed record Recipe
{
    [Description("seed of the weights, of the order of the batches and of everything that is drawn")]
    public int Seed { get; init; } = 1986;

    [Description("folder for the trained weights, the logs, the error reports and, in save/, the checkpoints"), MayChange]
    public string OutputFolder { get; init; } = "runs/transducer";

    [Description("cpu or cuda"), MayChange]
    public string Device { get; init; } = "cpu";

    [Description("Data")]
    public DataRecipe Data { get; init; } = new();

    [Description("Batches")]
    public BatchRecipe Batches { get; init; } = new();

    [Description("Features")]
    public FeatureRecipe Features { get; init; } = new();

    [Description("Augmentation")]
    public AugmentationRecipe Augmentation { get; init; } = new();

    [Description("Dynamic chunk training; a frame of the encoder is 40 ms")]
    public ChunkRecipe Chunks { get; init; } = new();

    [Description("Model")]
    public ModelRecipe Model { get; init; } = new();

    [Description("Optimisation")]
    public OptimizationRecipe Optimization { get; init; } = new();

    [Description("Validation and checkpoints")]
    public CheckpointRecipe Checkpoints { get; init; } = new();

    [Description("Decoding, after training; during it the search is greedy")]
    public DecodingRecipe Decoding { get; init; } = new();

    [Description("Language model, with a beam above 1")]
    public LanguageModelRecipe LanguageModel { get; init; } = new();

    /// <summary>Looks at each value.</summary>
    /// <exception cref="RangeException">One is outside its range.</exception>
    internal void Check()
    {
        RangeException.Unless(Seed >= 0, nameof(Seed), Seed, "0 or more");
        RangeException.Unless(Device is "cpu" or "cuda", nameof(Device), Device, "cpu or cuda");
        Data.Check();
        Batches.Check();
        Features.Check();
        Augmentation.Check();
        Chunks.Check();
        Model.Check();
        Optimization.Check();
        Checkpoints.Check();
        Decoding.Check();
        LanguageModel.Check();
    }

    /// <summary>Looks whether the values go together, once the command line has had its say too.</summary>
    /// <exception cref="RangeException">They do not.</exception>
    internal void CheckTogether()
    {
        RangeException.Unless(
            Device == "cuda" || Optimization.Precision != "fp16", nameof(Optimization.Precision), Optimization.Precision,
            "fp32 or bf16 on the CPU; fp16 needs --device cuda");
        RangeException.Unless(
            LanguageModel.LmFile is null || Decoding.BeamSize > 1, nameof(Decoding.BeamSize), Decoding.BeamSize, "above 1 with --lm-file");
    }
}
