using NUnit.Framework;
using SpeechBrain.Sharp.Augment;
using SpeechBrain.Sharp.Features;
using SpeechBrain.Sharp.Masks;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Training;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Training;

/// <summary>
/// Whole training steps, small: waveforms, another speed, features, dropped and warped, a Conformer-Transducer, its losses, the update. Batches
/// have eight lengths in turn, each at three speeds, so that caches keyed by a length show too.
/// </summary>
[TestFixture]
public sealed class TrainingMemoryTests
{
    private const int WarmUp = 400, Steps = 2000, Lengths = 8;

    /// <summary>
    /// By how much the resident set may grow over the 1,600 steps after the warm-up; in three runs it shrank, by 16 kB to 1.3 MB.
    /// So what leaks beside the tensors, which are counted exactly, shows from 1.3 kB a step on.
    /// </summary>
    private const long Tolerance = 2L << 20;

    [Test]
    public void MemoryIsFlatOverTwoThousandSteps()
    {
        using var training = new Training();
        training.Run(WarmUp);
        long resident = ResidentSet.Measure(), tensors = LeakCheck.Live(); // the first lets finalizers run of what other tests dropped
        for (int step = WarmUp; step < Steps; step += WarmUp)
        {
            training.Run(WarmUp);
            Assert.That(LeakCheck.Live(), Is.EqualTo(tensors), $"live tensors after {step + WarmUp} steps and after {WarmUp}");
        }
        long growth = ResidentSet.Measure() - resident;
        TestContext.Progress.WriteLine(
            $"{Steps} steps: {tensors} live tensors throughout; resident set {resident >> 10} kB after {WarmUp}, {growth >> 10} kB more at the end");
        Assert.That(growth, Is.LessThan(Tolerance), "bytes by which the resident set grew");
        Assert.That(training.Update.OptimizerSteps, Is.EqualTo(Steps / 4));
        Assert.That(training.Update.SkippedLosses + training.Update.SkippedGradients, Is.Zero);
    }

    private sealed class Training : IDisposable
    {
        private const int SampleRate = 16000, Mels = 8;

        private readonly DisposeScope scope = NewDisposeScope();
        private readonly Generator generator = new(7);
        private readonly SpeedPerturb speed = new(SampleRate, [95, 100, 105]);
        private readonly Fbank fbank = new(sampleRate: SampleRate, nFft: 512, nMels: Mels, winLength: 32);
        private readonly InputNormalization normalize = new(updateUntilEpoch: 4);
        private readonly SpectrogramDrop timeDrop = new(1, 3, 1, 2), freqDrop = new(1, 2, 1, 1, dim: 2);
        private readonly Warping warp = new(2);
        private readonly ConformerTransducer model;
        private readonly AdamW optimizer;
        private readonly Tensor waves, tokens;
        private int step;

        internal Training()
        {
            random.manual_seed(3);
            model = new ConformerTransducer(new()
            {
                NMels = Mels,
                FrontEndChannels = [2],
                FrontEndKernelSizes = [3],
                FrontEndStrides = [2],
                FrontEndDropout = 0,
                DModel = 8,
                NHead = 2,
                NumEncoderLayers = 1,
                DFfn = 8,
                KernelSize = 3,
                MaxLength = 16,
                DecEmbDropout = 0,
                DecDropout = 0,
                JointDim = 8,
                DecDim = 8,
                OutputNeurons = 6,
            });
            normalize.train();
            Parameter[] weights = [.. model.parameters().Where(p => p.requires_grad)];
            optimizer = optim.AdamW(weights, 1e-3);
            Update = new WeightUpdate(optimizer, weights, new() { GradAccumulationFactor = 4 }, new NoamScheduler(1e-3, 100));
            waves = Noise.Normal([2, 4000]);
            tokens = tensor(new long[,] { { 1, 2, 3 }, { 4, 5, 0 } });
        }

        internal WeightUpdate Update { get; }

        internal void Run(int steps)
        {
            for (int end = step + steps; step < end; step++)
            {
                using var inner = NewDisposeScope();
                long samples = 2400 + 160 * (step % Lengths);
                var (perturbed, lengths, _) = speed.Apply(waves[.., ..(int)samples], [samples, samples - 320], speed.Sample(generator, 2));
                long[] frames = fbank.FrameCounts(lengths);
                var features = normalize.call(fbank.Apply(perturbed, lengths: tensor(lengths)), tensor(frames), 1)!;
                var batch = new AugmentedBatch(features, frames);
                batch = timeDrop.Apply(batch, timeDrop.Sample(generator, batch));
                batch = freqDrop.Apply(batch, freqDrop.Sample(generator, batch));
                batch = warp.Apply(batch, warp.Sample(generator, batch));
                var encoded = model.Encode(batch.Data, tensor(frames), step % 3 == 0 ? new DynChunkTrainConfig(2, 1) : null);
                var losses = model.Loss(encoded, model.EncodedLengths(frames), tokens, [3, 2]);
                Update.Backward(losses.Total, ["a", "b"]);
            }
        }

        public void Dispose()
        {
            Update.Dispose();
            optimizer.Dispose();
            model.Dispose();
            generator.Dispose();
            scope.Dispose();
        }
    }
}
