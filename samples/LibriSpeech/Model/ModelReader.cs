using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Masks;
using SpeechBrain.Sharp.Serialization;
using SpeechBrain.Sharp.Transducer;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>
/// Makes a recognizer of a <see cref="ModelFolder"/>, trained here or by SpeechBrain. Sizes are read off the weights; what weights do not show comes
/// from <c>hyperparams.yaml</c>, and the options overrule that.
/// </summary>
internal static class ModelReader
{
    /// <returns>The recognizer, and which weights were loaded.</returns>
    internal static (Recognizer Recognizer, StateDictReport Report) Read(RecognizeOptions options, Device device)
    {
        var folder = ModelFolder.Find(options.Model);
        var hyperparams = Hyperparams.Read(folder.Hyperparams);
        var tokenizer = new SentencePieceTokenizer(options.TokenizerFile ?? folder.Tokenizer ?? throw new UserException(
            $"There is no tokenizer in '{folder.Path}' ({ModelFolder.TokenizerFile}, or one *.model file); "
            + "name the SentencePiece model that it was trained with by --tokenizer-file FILE."));
        using var scope = NewDisposeScope();
        var weights = SpeechBrainCheckpoint.LoadStateDict(folder.Weights);
        var statistics = SpeechBrainCheckpoint.LoadStateDict(folder.Normalizer);
        if (!statistics.TryGetValue("glob_mean", out var mean) || mean.dim() != 1)
            throw new UserException(
                $"'{folder.Normalizer}' does not hold a mean of each feature (glob_mean); models with global normalisation can be used.");

        Recognizer? recognizer = null;
        try
        {
            var features = hyperparams.Fill(new FeatureRecipe()) with { NMels = (int)mean.shape[0] };
            features.Check();
            var sizes = Sizes(folder, hyperparams, options, ConformerTransducerShapes.Of(weights), mean.shape[0]);
            CheckTokens(folder, hyperparams, sizes, tokenizer);
            recognizer = new Recognizer(features, sizes, tokenizer, device) { TestChunks = Chunks(options, hyperparams) };
            var report = StateDict.LoadInto(recognizer.Model, weights, $"'{folder.Weights}'");
            recognizer.Normalizer.LoadStatisticsDict(statistics);
            if (options.LmWeight > 0)
            {
                string file = folder.LanguageModel ?? throw new UserException(
                    $"There is no language model in '{folder.Path}' ({ModelFolder.LanguageModelFile}); leave out --lm-weight.");
                recognizer.LanguageModel = (LanguageModel.Read(file, (int)sizes.OutputNeurons, device), options.LmWeight);
            }
            return (recognizer, report);
        }
        catch (Exception e)
        {
            recognizer?.Dispose();
            throw e switch
            {
                RangeException range => new UserException($"'{folder.Hyperparams}' has {Key(range)} '{range.Value}'; it must be {range.Range}.", e),
                ArgumentException => new UserException($"The model in '{folder.Path}' cannot be used: {e.Message}", e),
                _ => e,
            };
        }
    }

    private static string Key(RangeException e) => Setting.Of(typeof(FeatureRecipe)).First(setting => setting.Name == e.Name).Key;

    private static ConformerTransducerOptions Sizes(
        ModelFolder folder, Hyperparams hyperparams, RecognizeOptions options, IReadOnlyDictionary<string, long[]> shapes, long mels)
    {
        int? heads = options.Nhead ?? hyperparams.Number("nhead");
        if (heads is null && !shapes.Keys.Any(key => key.EndsWith("pos_bias_u", StringComparison.Ordinal)))
            throw new UserException($"The weights in '{folder.Weights}' do not show the number of attention heads, and there is no "
                + $"{ModelFolder.HyperparamsFile} with nhead; give --nhead (8 in SpeechBrain's recipe).");
        var sizes = ConformerTransducerShapes.Sizes(shapes, mels, heads);
        if (sizes.DModel % sizes.NHead != 0)
        {
            throw new UserException(
                $"The weights in '{folder.Weights}' have {sizes.DModel} features, and nhead is {sizes.NHead}, which does not divide them; give the "
                + $"number of attention heads that it was trained with, by --nhead or in {ModelFolder.HyperparamsFile}.");
        }
        return sizes with
        {
            BlankIndex = hyperparams.Number("blank_index", 0) ?? 0,
            // The file names a class of PyTorch's: torch.nn.GELU.
            JointActivation = Activation.Parse(hyperparams.Text("activation")?.Split('.')[^1] ?? nameof(Activation.GELU)),
        };
    }

    /// <summary>Outputs without a token are there by intent only where the folder says so.</summary>
    private static void CheckTokens(ModelFolder folder, Hyperparams hyperparams, ConformerTransducerOptions sizes, SentencePieceTokenizer tokenizer)
    {
        long tokens = hyperparams.Number(SpeechBrainYaml.VocabularySize) ?? sizes.OutputNeurons;
        if (tokens != tokenizer.VocabularySize)
            throw new UserException($"The weights in '{folder.Weights}' are for {tokens} tokens, and the tokenizer has {tokenizer.VocabularySize}; "
                + "name the one that it was trained with by --tokenizer-file FILE.");
    }

    private static DynChunkTrainConfig? Chunks(RecognizeOptions options, Hyperparams hyperparams)
    {
        int size = options.TestChunkSize ?? hyperparams.Number(SpeechBrainYaml.TestChunkSize, 0) ?? 0;
        return size > 0 ? new DynChunkTrainConfig(size, options.LeftContextChunks) : null;
    }
}
