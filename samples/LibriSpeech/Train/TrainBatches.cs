using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Transducer;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>Which utterances make the batches of an epoch, and their audio, read ahead.</summary>
internal sealed class TrainBatches : IDisposable
{
    private readonly Func<int, IReadOnlyList<int[]>> sampler;
    private readonly BatchLoader loader;

    /// <param name="recipe">how</param>
    /// <param name="data">the utterances</param>
    /// <param name="recognizer">whose tokens they get, and whose encoder must leave frames for them</param>
    /// <param name="device">where batches are to be</param>
    /// <param name="warn">gets a line for each utterance that is left out and each file that takes long</param>
    internal TrainBatches(Recipe recipe, SpeechDataset data, Recognizer recognizer, Device device, Action<string> warn)
    {
        sampler = Sampler(recipe.Batches, recipe.Seed, [.. data.Utterances.Select(utterance => utterance.Duration)]);
        int fastest = recipe.Augmentation.Speeds.Max();
        loader = new BatchLoader(data.Utterances, recognizer.Tokenizer, recipe.Features.SampleRate, new()
        {
            Workers = recipe.Data.NumWorkers,
            Device = device,
            MaxSkippedShare = recipe.Data.MaxSkippedShare,
            MinSeconds = Recognizer.ShortestSeconds,
            AverageChannels = recipe.Data.AverageChannels,
            OnSkipped = skipped => warn($"left out: {skipped.Reason}"),
            OnSlow = (utterance, time) => warn(FormattableString.Invariant($"'{utterance.Path}' has taken {time.TotalSeconds:F0} s to read so far")),
            Refuse = (utterance, samples, tokens) => Refuse(utterance, samples * 100 / fastest, tokens),
        });

        string? Refuse(Utterance utterance, long samples, long[] tokens)
        {
            long frames = recognizer.Model.EncodedLengths(recognizer.Frames([samples]))[0];
            return tokens.Length <= frames ? null
                : $"the transcript of {utterance.Id} has {tokens.Length} tokens, and its audio '{utterance.Path}' leaves {frames} frames for them, at the "
                + $"speed of {fastest} %: correct the transcript or leave it out";
        }
    }

    /// <summary>The batches of an epoch, as indices into the utterances: the same ones whenever they are asked for.</summary>
    internal IReadOnlyList<int[]> Of(int epoch) => sampler(epoch);

    /// <summary>Reads batches, ahead of their use.</summary>
    internal IEnumerable<PaddedBatch> Load(IEnumerable<int[]> batches, CancellationToken cancellation) => loader.Load(batches, cancellation);

    public void Dispose() => loader.Dispose();

    /// <summary>The batches of each epoch, from 1, as indices into utterances of these durations in seconds.</summary>
    internal static Func<int, IReadOnlyList<int[]>> Sampler(BatchRecipe recipe, int seed, IReadOnlyList<double> durations)
    {
        if (recipe.DynamicBatching)
            return new DynamicBatchSampler(
                durations, recipe.MaxBatchLen, recipe.NumBucket, recipe.ShuffleEx, recipe.BatchOrdering, recipe.MaxBatchEx, seed: seed).Batches;
        var fixedSize = new BatchSampler(durations, recipe.BatchSize, shuffle: recipe.Sorting == BatchOrdering.Random, seed: seed);
        return recipe.Sorting == BatchOrdering.Descending ? epoch => [.. fixedSize.Batches(epoch).Reverse()] : fixedSize.Batches;
    }
}
