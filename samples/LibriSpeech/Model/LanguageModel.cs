using SpeechBrain.Sharp.Decoding;
using SpeechBrain.Sharp.Serialization;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>Reads the recipe's language model; its sizes are those of its weights.</summary>
internal static class LanguageModel
{
    internal static RNNLM Read(string file, int tokens, Device device)
    {
        using var scope = NewDisposeScope();
        var weights = SpeechBrainCheckpoint.LoadStateDict(file);
        long[] embedding = Shape("embedding.Embedding.weight");
        if (embedding[0] != tokens)
            throw new UserException(
                $"'{file}' is a language model of {embedding[0]} tokens; the model has {tokens}. They must have been trained for one tokenizer.");
        int layers = weights.Keys.Count(key => key.StartsWith("rnn.rnn.weight_hh_l", StringComparison.Ordinal));
        int blocks = weights.Keys.Count(key =>
            key.StartsWith("dnn.linear", StringComparison.Ordinal) && key.EndsWith("w.weight", StringComparison.Ordinal));
        var model = new RNNLM(
            embedding[0], embedding[1], dropout: 0, rnnLayers: layers, rnnNeurons: Shape("rnn.rnn.weight_hh_l0")[1], dnnBlocks: blocks,
            dnnNeurons: Shape("out.w.weight")[1]);
        try
        {
            StateDict.LoadInto(model, weights, $"'{file}'");
            model.to(device);
            model.eval();
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }

        long[] Shape(string key) => weights.TryGetValue(key, out var weight) && weight.dim() == 2
            ? weight.shape
            : throw new UserException(
                $"'{file}' is no language model of SpeechBrain's recipe: it has no matrix '{key}'. Put one in its place, or leave out --lm-weight.");
    }
}
