using SpeechBrain.Sharp.Augment;
using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Features;
using SpeechBrain.Sharp.Masks;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>
/// The first batch of a run, made again: what was drawn for it, its features before and after, and its masks, as its step made them. Only a batch
/// from which something was left out, because it could not be read, was another.
/// </summary>
internal sealed class RunBatch
{
    private const int Drawings = 8, Examples = 2, Draws = 1000, MostBars = 8;

    /// <summary>Features of a few utterances before and after.</summary>
    internal required IReadOnlyList<Spectrograms> Spectrograms { get; init; }

    /// <summary>The utterances' lengths.</summary>
    internal required LengthBars Padding { get; init; }

    /// <summary>What each utterance's frames may attend to.</summary>
    internal required IReadOnlyList<MaskDrawing> Masks { get; init; }

    /// <summary>The batch's chunks in words.</summary>
    internal required string ChunksDrawn { get; init; }

    /// <summary>The chunks of the next batches; null: all batches have the same ones.</summary>
    internal required CountBars? ChunkSizes { get; init; }

    /// <summary>Makes it.</summary>
    /// <param name="recipe">the run's</param>
    /// <param name="utterances">what it was trained on</param>
    /// <exception cref="IOException">Audio is not there, or <see cref="InvalidDataException"/>: is none.</exception>
    internal static RunBatch Of(Recipe recipe, IReadOnlyList<Utterance> utterances)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var streams = new RandomStreams(recipe.Seed);
        int[] indices = TrainBatches.Sampler(recipe.Batches, recipe.Seed, [.. utterances.Select(utterance => utterance.Duration)])(1)[0];
        using var batch = PaddedBatch.Collate(
            [.. indices.Select(i => (utterances[i].Id, AudioFile.ReadMono(utterances[i].Path).Samples, Array.Empty<long>()))]);

        using var speed = new SpeedPerturb(recipe.Features.SampleRate, recipe.Augmentation.Speeds);
        var speeds = speed.Sample(streams.Speeds, batch.Count);
        var chunkSampler = recipe.Chunks.Sampler;
        var chunks = chunkSampler?.Sample(streams.Chunks);
        var (waves, samples, _) = speed.Apply(batch.Waves, batch.WaveLengths, speeds);

        // The encoder's sizes don't matter here: a small one has the same front end.
        var small = recipe.Model with { NumEncoderLayers = 1, DModel = 8, Nhead = 1, DFfn = 8, JointDim = 8, DecDim = 8 };
        using var recognizer = new Recognizer(recipe.Features, small.Options(recipe.Features.NMels, 2, 0), new CharacterTokenizer("A"), CPU);
        var before = Normalized(new AugmentedBatch(recognizer.Energies(batch.Waves, batch.WaveLengths), recognizer.Frames(batch.WaveLengths)));
        var after = new AugmentedBatch(recognizer.Energies(waves, samples), recognizer.Frames(samples));
        var augmentation = recipe.Augmentation;
        if (!augmentation.FeaAugmentBeforeNormalize)
            after = Normalized(after);
        AugmenterParameters? drawn = null;
        if (augmentation.FeaAugment)
        {
            using var augmenter = augmentation.Augmenter();
            drawn = augmenter.Sample(streams.Features, after);
            after = augmenter.Apply(after, drawn);
        }
        if (augmentation.FeaAugmentBeforeNormalize)
            after = Normalized(after);

        // Rows may be more than utterances; of each the first row is shown.
        int[] sources = [.. after.Sources];
        int[] rows = [.. Enumerable.Range(0, batch.Count).Select(source => Array.IndexOf(sources, source)).Where(row => row >= 0).Take(Drawings)];
        string Id(int row) => batch.Ids[after.Sources[row]];
        long[] encoded = recognizer.Model.EncodedLengths([.. after.Lengths]);
        return new()
        {
            Spectrograms = [.. rows.Take(Examples).Select(row => new Spectrograms(
                $"{Id(row)}: {speeds.Speeds[Math.Min(after.Sources[row], speeds.Speeds.Count - 1)]} % of the speed; features: {Words(drawn)}",
                Picture.OfSpectrograms(Values(before, after.Sources[row]), Values(after, row), recipe.Features.NMels)))],
            Padding = new([.. rows.Select(row => (Id(row), encoded[row]))]),
            Masks = MasksOf([.. rows.Select(Id)], [.. rows.Select(row => encoded[row])], encoded.Max(), chunks),
            ChunksDrawn = chunks is null ? "no chunks: every frame sees all others" : Words(chunks),
            ChunkSizes = chunkSampler is { } sampler && IsRandom(recipe.Chunks)
                ? Counts([.. Enumerable.Range(0, Draws).Select(_ => sampler.Sample(streams.Chunks))])
                : null,
        };

        AugmentedBatch Normalized(AugmentedBatch features)
        {
            using var normalize = new InputNormalization(normType: NormType.Sentence);
            return features.With(normalize.call(features.Data, features.DeviceLengths), features.Lengths);
        }
    }

    /// <summary>The attention masks of a batch, made by the functions that the encoder's are made by.</summary>
    /// <param name="ids">names of the utterances</param>
    /// <param name="frames">their encoder frames</param>
    /// <param name="time">frames of the longest of the whole batch</param>
    /// <param name="chunks">null: none</param>
    internal static IReadOnlyList<MaskDrawing> MasksOf(IReadOnlyList<string> ids, long[] frames, long time, DynChunkTrainConfig? chunks)
    {
        using var scope = NewDisposeScope();
        using var source = empty(frames.Length, time, 1);
        var chunkMask = Functional.MakeTransformerSrcMask(source, dynChunkTrainConfig: chunks) ?? zeros([time, time], ScalarType.Bool);
        var padding = Functional.GetMaskFromLengths(tensor(frames), time);
        return [.. ids.Select((id, i) =>
        {
            bool[] masked = chunkMask.logical_or(padding[i].unsqueeze(0)).contiguous().data<bool>().ToArray();
            var sees = new bool[time, time];
            for (long query = 0; query < frames[i]; query++)
            {
                for (long key = 0; key < time; key++)
                    sees[query, key] = !masked[query * time + key];
            }
            return new MaskDrawing(id, sees, (int)frames[i]);
        })];
    }

    private static bool IsRandom(ChunkRecipe chunks) =>
        chunks.ChunkwiseProb is > 0 and < 1 || chunks.ChunkSizeMin < chunks.ChunkSizeMax || chunks.LimitedLeftContextProb > 0;

    private static CountBars Counts(IReadOnlyList<DynChunkTrainConfig?> draws)
    {
        long[] sizes = [.. draws.OfType<DynChunkTrainConfig>().Select(chunks => chunks.ChunkSize)];
        List<(string, int)> counts = [("everything", draws.Count - sizes.Length)];
        if (sizes.Length > 0)
        {
            long low = sizes.Min(), high = sizes.Max(), width = (high - low) / MostBars + 1;
            for (long from = low; from <= high; from += width)
            {
                long to = Math.Min(high, from + width - 1);
                counts.Add((from == to ? $"chunks of {from}" : $"chunks of {from} to {to}", sizes.Count(size => size >= from && size <= to)));
            }
        }
        return new(counts);
    }

    private static string Words(DynChunkTrainConfig chunks) =>
        $"chunks of {chunks.ChunkSize} frames that see " + (chunks.LeftContextSize is { } left ? $"{left} chunks of the past" : "the whole past");

    private static string Words(AugmenterParameters? drawn) =>
        drawn?.Branches.SelectMany(branch => branch.Steps).Select(step => step.Name).ToList() is { Count: > 0 } names
            ? string.Join(", ", names)
            : "as they are";

    private static float[] Values(AugmentedBatch features, int row) =>
        features.Data[row].narrow(0, 0, features.Lengths[row]).contiguous().data<float>().ToArray();
}
