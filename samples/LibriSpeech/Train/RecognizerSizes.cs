using System.Globalization;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>All that is needed to make a model again; kept beside its weights.</summary>
/// <param name="Alphabet">its characters</param>
/// <param name="ModelDim">width of the Conformer</param>
/// <param name="EncoderLayers">its layers</param>
/// <param name="AttentionHeads">its heads</param>
/// <param name="JointDim">width of predictor and joint network</param>
/// <param name="ChunkSize">encoder frames in a chunk; 0: no chunks</param>
internal sealed record RecognizerSizes(string Alphabet, int ModelDim, int EncoderLayers, int AttentionHeads, int JointDim, int ChunkSize)
{
    internal Dictionary<string, string> Metadata() => new()
    {
        ["alphabet"] = Alphabet,
        ["model-dim"] = $"{ModelDim}",
        ["encoder-layers"] = $"{EncoderLayers}",
        ["attention-heads"] = $"{AttentionHeads}",
        ["joint-dim"] = $"{JointDim}",
        ["chunk-size"] = $"{ChunkSize}",
    };

    internal static RecognizerSizes From(IReadOnlyDictionary<string, string> metadata, string file)
    {
        string Text(string key) => metadata.TryGetValue(key, out var value) ? value : throw Foreign(key);
        int Number(string key) => int.TryParse(Text(key), CultureInfo.InvariantCulture, out var value) && value >= 0 ? value : throw Foreign(key);
        UserException Foreign(string key) => new($"'{file}' has no usable '{key}' in its metadata; only models that 'train' wrote can be read.");
        return new(
            Text("alphabet"), Number("model-dim"), Number("encoder-layers"), Number("attention-heads"), Number("joint-dim"), Number("chunk-size"));
    }
}
