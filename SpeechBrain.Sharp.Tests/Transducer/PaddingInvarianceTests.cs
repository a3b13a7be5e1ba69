using NUnit.Framework;
using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Features;
using SpeechBrain.Sharp.Masks;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Transducer;

/// <summary>From waveforms to encodings: an utterance alone equals itself in a padded batch.</summary>
[TestFixture]
public sealed class PaddingInvarianceTests
{
    private static readonly long[] Samples = [24000, 16160, 9999, 20479];

    [Test]
    public void AnUtteranceIsTheSameAloneAndPadded([Values] AttentionType attention, [Values(0, 4)] int chunk, [Values] NormType norm)
    {
        // The statistics of a batch are by definition those of all its utterances.
        if (norm == NormType.Batch)
            return;
        using var scope = NewDisposeScope();
        using var pipeline = new Pipeline(attention, norm, compatible: false);
        var waves = Batch(Samples);
        Assert.That(pipeline.WorstDifference(waves, Samples, Chunks(chunk)), Is.LessThan(1e-5));
    }

    /// <summary>
    /// The same as SpeechBrain does it: relative lengths, and padding that leaks into the spectra's floor, the front end and the convolutions.
    /// </summary>
    [Test]
    public void TheLeakIsThereForModelsTrainedWithIt([Values] AttentionType attention)
    {
        using var scope = NewDisposeScope();
        using var pipeline = new Pipeline(attention, NormType.Global, compatible: true);
        Assert.That(pipeline.WorstDifference(Batch(Samples), Samples, null), Is.GreaterThan(1e-2));
    }

    [Test]
    public void RealSpeechIsTheSameAloneAndPadded([Values] AttentionType attention)
    {
        var corpus = new LibriSpeechCorpus(SharedData.Require("LibriSpeech"));
        using var scope = NewDisposeScope();
        var audio = corpus.Splits.SelectMany(corpus.Read).OrderBy(u => u.Duration).Take(4).Select(u => AudioFile.ReadMono(u.Path).Samples).ToArray();
        using var batch = PaddedBatch.Collate([.. audio.Select((samples, n) => ($"{n}", samples, Array.Empty<long>()))]);
        using var pipeline = new Pipeline(attention, NormType.Global, compatible: false);
        Assert.That(pipeline.WorstDifference(batch.Waves, batch.WaveLengths, Chunks(16)), Is.LessThan(1e-5));
    }

    /// <summary>
    /// Lengths by integer arithmetic are those that an utterance has alone. By a ratio, rounded after striding, about a third has another one: of
    /// 545 recordings that were tried, 185.
    /// </summary>
    [Test]
    public void LengthsAfterStridingAreThoseOfTheUtteranceAlone()
    {
        using var scope = NewDisposeScope();
        using var fbank = new Fbank(nFft: 512, nMels: 80, winLength: 32);
        using var frontEnd = new ConvolutionFrontEnd(
            [1, 1, 80], 2, 1, [2, 2], [3, 3], [2, 2], residuals: [false, false]);
        using var generator = new Generator(1);
        int wrong = 0;
        const int Batches = 50, Items = 8;
        for (int n = 0; n < Batches; n++)
        {
            var samples = randint(6000, 240000, [Items], ScalarType.Int64, CPU, generator: generator);
            long[] host = samples.data<long>().ToArray();
            long[] alone = [.. host.Select(length => frontEnd.OutputLength(fbank.FrameCount(length)))];
            Assert.That(frontEnd.OutputLengths(fbank.FrameCounts(samples)).data<long>().ToArray(), Is.EqualTo(alone));
            Assert.That(frontEnd.OutputLengths(fbank.FrameCounts(host)), Is.EqualTo(alone));
            var relative = Functional.AbsoluteLengths(tensor(host.Select(l => (float)l / host.Max()).ToArray()), alone.Max());
            wrong += relative.data<long>().ToArray().Zip(alone, (r, a) => r != a ? 1 : 0).Sum();
        }
        Assert.That(wrong / (double)(Batches * Items), Is.EqualTo(0.34).Within(0.12), "share of relative lengths that are off");
    }

    private static DynChunkTrainConfig? Chunks(int chunk) => chunk > 0 ? new(chunk, 2) : null;

    /// <summary>Noise, louder behind each item's end than before it.</summary>
    private static Tensor Batch(long[] samples)
    {
        var waves = Noise.Normal([samples.Length, samples.Max()], 7) * 0.1;
        for (int b = 0; b < samples.Length; b++)
            waves[b].narrow(0, samples[b], samples.Max() - samples[b]).mul_(50);
        return waves;
    }

    private sealed class Pipeline : IDisposable
    {
        private readonly bool compatible;
        private readonly Fbank fbank = new(nFft: 512, nMels: 40, winLength: 32);
        private readonly InputNormalization normalize;
        private readonly ConformerTransducer model;

        internal Pipeline(AttentionType attention, NormType norm, bool compatible)
        {
            this.compatible = compatible;
            random.manual_seed(11);
            normalize = new InputNormalization(normType: norm);
            using (NewDisposeScope())
                normalize.call(fbank.call(Noise.Normal([2, 16000]) * 0.1));
            normalize.eval();
            model = new ConformerTransducer(new()
            {
                NMels = 40,
                FrontEndChannels = [8, 4],
                DModel = 32,
                NHead = 4,
                NumEncoderLayers = 3,
                DFfn = 64,
                KernelSize = 15,
                JointDim = 24,
                OutputNeurons = 11,
                DecDim = 10,
                MaxLength = 500,
                AttentionType = attention,
                SpeechBrainCompatible = compatible,
            });
            model.eval();
        }

        internal double WorstDifference(Tensor waves, long[] samples, DynChunkTrainConfig? chunks)
        {
            using var noGrad = no_grad();
            var together = Encode(waves, samples, chunks);
            double worst = 0;
            for (int b = 0; b < samples.Length; b++)
            {
                var alone = Encode(waves[b..(b + 1), ..(int)samples[b]], [samples[b]], chunks);
                long frames = model.EncodedLengths([fbank.FrameCount(samples[b])])[0];
                Assert.That(alone.size(1), Is.EqualTo(frames));
                worst = Math.Max(worst, (together[b..(b + 1)].narrow(1, 0, frames) - alone).abs().max().item<float>());
            }
            return worst;
        }

        private Tensor Encode(Tensor waves, long[] samples, DynChunkTrainConfig? chunks)
        {
            if (compatible)
            {
                var relative = tensor(samples.Select(n => (float)n / waves.size(1)).ToArray());
                return model.Encode(normalize.call(fbank.call(waves), relative), relative, chunks);
            }
            var lengths = tensor(samples);
            var frames = fbank.FrameCounts(lengths);
            return model.Encode(normalize.call(fbank.Apply(waves, lengths: lengths), frames), frames, chunks);
        }

        public void Dispose()
        {
            fbank.Dispose();
            normalize.Dispose();
            model.Dispose();
        }
    }
}
