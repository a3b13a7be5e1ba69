using SpeechBrain.Sharp.Serialization;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>
/// The files of a trained model. One layout serves both ways: it is what <c>train</c> writes, what SpeechBrain's <c>from_hparams</c> reads, and what
/// SpeechBrain's recipe leaves behind. A run of training that holds checkpoints only (<c>CKPT+...</c>, in it or in its folder <c>save</c>) is
/// taken by its best one.
/// </summary>
internal sealed record ModelFolder
{
    internal const string WeightsFile = "model.ckpt", NormalizerFile = "normalizer.ckpt", TokenizerFile = "tokenizer.ckpt";
    internal const string LanguageModelFile = "lm.ckpt", HyperparamsFile = "hyperparams.yaml";

    /// <summary>In the folder of a run: its checkpoints, and what they need besides to be used.</summary>
    internal const string CheckpointsFolder = "save";

    private const string ErrorRate = "WER";

    // Recipes name the objects that they save; these are the names in use.
    private static readonly string[] WeightsNames = [WeightsFile, "asr.ckpt"];
    private static readonly string[] NormalizerNames = [NormalizerFile, "normalize.ckpt"];

    /// <summary>What was asked for.</summary>
    internal required string Path { get; init; }

    internal required string Weights { get; init; }

    internal required string Normalizer { get; init; }

    /// <summary>A SentencePiece model; null: there is none.</summary>
    internal string? Tokenizer { get; init; }

    /// <summary>Weights of a language model; null: there are none.</summary>
    internal string? LanguageModel { get; init; }

    /// <summary>Settings of the recipe; null: there are none.</summary>
    internal string? Hyperparams { get; init; }

    /// <summary>Finds the files.</summary>
    /// <exception cref="UserException">There is no such folder, or no model or normalisation in it.</exception>
    internal static ModelFolder Find(string folder)
    {
        if (!Directory.Exists(folder))
            throw new UserException($"There is no model folder '{folder}'; 'train' makes one, --model names another folder.");
        // Beside the weights, or above them: SpeechBrain keeps tokenizer and language model in 'save', settings in the folder of the run.
        string save = System.IO.Path.Combine(folder, CheckpointsFolder);
        string? place = ((string[])[folder, save]).Where(Directory.Exists).Select(WithWeights).FirstOrDefault(found => found is not null);
        if (place is null)
        {
            throw new UserException(
                $"There is no model in '{folder}' (no {WeightsFile}, no checkpoint {SpeechBrainCheckpointFolder.Prefix}... with one); "
                + "'train' makes one, --model names another folder.");
        }
        string[] places = [.. new[] { place, save }.Concat(WithThoseAbove(folder)).Where(Directory.Exists)];
        return new()
        {
            Path = folder,
            Weights = First([place], WeightsNames)!,
            Normalizer = First([place], NormalizerNames) ?? throw new UserException(
                $"There is no {NormalizerFile} beside the weights in '{place}'; copy it from where the model was trained."),
            Tokenizer = First(places, [TokenizerFile]) ?? places.Select(OnlyPieces).FirstOrDefault(found => found is not null),
            LanguageModel = First(places, [LanguageModelFile]),
            Hyperparams = First(places, [HyperparamsFile]),
        };
    }

    /// <summary>A checkpoint's folder, or 'save', is a part of a run; another folder stands alone.</summary>
    private static IEnumerable<string> WithThoseAbove(string folder)
    {
        for (string? place = System.IO.Path.GetFullPath(folder); place is not null; place = System.IO.Path.GetDirectoryName(place))
        {
            yield return place;
            string name = System.IO.Path.GetFileName(place);
            if (name != CheckpointsFolder && !name.StartsWith(SpeechBrainCheckpointFolder.Prefix, StringComparison.Ordinal))
                yield break;
        }
    }

    private static string? WithWeights(string folder) => First([folder], WeightsNames) is not null ? folder : Best(folder);

    /// <summary>The checkpoint with the lowest error rate; where none has one, the newest.</summary>
    private static string? Best(string folder) => Directory.GetDirectories(folder, SpeechBrainCheckpointFolder.Prefix + "*")
        .Where(checkpoint => First([checkpoint], WeightsNames) is not null)
        .Select(SpeechBrainCheckpointFolder.Open)
        .OrderBy(checkpoint => checkpoint.Meta.GetValueOrDefault(ErrorRate) switch { double rate => rate, long rate => rate, _ => double.MaxValue })
        .ThenByDescending(checkpoint => checkpoint.UnixTime)
        .FirstOrDefault()?.Path;

    private static string? OnlyPieces(string folder) => Directory.GetFiles(folder, "*.model") is [var only] ? only : null;

    private static string? First(IEnumerable<string> places, string[] names) => (
        from place in places
        from name in names
        select System.IO.Path.Combine(place, name)).FirstOrDefault(File.Exists);
}
