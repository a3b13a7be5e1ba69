using NUnit.Framework;
using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Masks;
using SpeechBrain.Sharp.Samples.LibriSpeech;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;

namespace SpeechBrain.Sharp.Tests.Samples.Report;

public sealed class RunBatchTests
{
    [TestCase(null, null)]
    [TestCase(4, null)]
    [TestCase(3, 1)]
    [TestCase(5, 0)]
    public void MasksAreThoseOfChunksAndPadding(int? chunk, int? left)
    {
        long[] frames = [13, 7, 1];
        var chunks = chunk is { } size ? new DynChunkTrainConfig(size, left) : null;
        var drawings = RunBatch.MasksOf(["a", "b", "c"], frames, 13, chunks);
        foreach (var (drawing, length) in drawings.Zip(frames))
        {
            Assert.That(drawing.Frames, Is.EqualTo(length));
            for (int query = 0; query < 13; query++)
            {
                for (int key = 0; key < 13; key++)
                {
                    bool inChunks = chunk is not { } c || (key / c <= query / c && (left is not { } l || key / c >= query / c - l));
                    bool sees = query < length && key < length && inChunks;
                    Assert.That(drawing.Sees[query, key], Is.EqualTo(sees), $"{drawing.Caption}: {query} sees {key}");
                }
            }
        }
    }

    private static List<Utterance> Utterances(TestFolder folder)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, 4).Select(i =>
        {
            var audio = new AudioData([.. Enumerable.Range(0, 8000 + 3000 * i).Select(_ => random.NextSingle() - 0.5f)], 16000, 1);
            AudioFile.Write(folder[$"u{i}.flac"], audio);
            return new Utterance($"u{i}", folder[$"u{i}.flac"], "s", audio.Duration, "A");
        })];
    }

    [Test]
    public void ItIsTheFirstBatchOfTheRun()
    {
        using var folder = new TestFolder();
        var utterances = Utterances(folder);
        var recipe = new Recipe
        {
            Batches = new() { BatchSize = 3 },
            Augmentation = new() { Speeds = [50], FeaAugment = true },
            Chunks = new() { ChunkSizeMin = 2, ChunkSizeMax = 5, ChunkwiseProb = 0.5 },
        };
        int[] first = TrainBatches.Sampler(recipe.Batches, recipe.Seed, [.. utterances.Select(utterance => utterance.Duration)])(1)[0];
        var batch = RunBatch.Of(recipe, utterances);
        // Half the speed: twice the samples, a frame every 160 of them and one more, a quarter of them behind the front end.
        Assert.That(batch.Padding.Utterances, Is.EqualTo(first.Select(i => ($"u{i}", (2 * (8000L + 3000 * i) / 160 + 1 + 3) / 4))));
        Assert.That(batch.Masks.Select(mask => (mask.Caption, (long)mask.Frames)), Is.EqualTo(batch.Padding.Utterances));
        Assert.That(batch.Spectrograms, Has.Count.EqualTo(2));
        string caption = batch.Spectrograms[0].Caption;
        Assert.That(caption, Does.StartWith($"u{first[0]}: 50 % of the speed").And.Contains("SpectrogramDrop, SpectrogramDrop, Warping"));
        Assert.That(batch.Spectrograms[0].Picture.Width, Is.EqualTo(2 * (8000 + 3000 * first[0]) / 160 + 1), "the slower one is the longer");
        Assert.That(batch.ChunkSizes!.Counts.Sum(count => count.Count), Is.EqualTo(1000));
        string[] names = [.. batch.ChunkSizes.Counts.Select(count => count.Name)];
        Assert.That(names, Is.EqualTo(new[] { "everything", "chunks of 2", "chunks of 3", "chunks of 4", "chunks of 5" }));
        Assert.That(batch.ChunkSizes.Counts[0].Count, Is.InRange(430, 570), "half of them, within 4.4 deviations");
    }

    [Test]
    public void ItLeavesNoTensorsBehind()
    {
        using var folder = new TestFolder();
        var utterances = Utterances(folder);
        foreach (bool first in new[] { true, false })
        {
            var recipe = new Recipe { Augmentation = new() { FeaAugment = true, FeaAugmentBeforeNormalize = first } };
            LeakCheck.IsClean(() => RunBatch.Of(recipe, utterances));
        }
    }

    [Test]
    public void EqualChunksAreNotCounted()
    {
        using var folder = new TestFolder();
        var batch = RunBatch.Of(new Recipe { Chunks = new() { Streaming = false } }, Utterances(folder));
        Assert.That(batch.ChunkSizes, Is.Null);
        Assert.That(batch.ChunksDrawn, Does.StartWith("no chunks"));
    }
}
