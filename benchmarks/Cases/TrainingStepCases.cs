using System.Globalization;
using SpeechBrain.Sharp.Augment;
using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Features;
using SpeechBrain.Sharp.Masks;
using SpeechBrain.Sharp.Training;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Benchmarks.Cases;

/// <summary>
/// A whole training step of SpeechBrain's LibriSpeech recipe (conformer_transducer, 79 million weights) from waveforms on the device to new weights:
/// its speeds, features, normalisation, spectrogram augmentations, masks of a batch with dynamic chunks, both losses, clipping, AdamW. On a CPU a
/// small model. The report has the share of each stage, timed in steps of their own in which every stage waits for the device.
/// </summary>
internal static class TrainingStepCases
{
    private const int ProfiledSteps = 5;

    public static IEnumerable<BenchmarkCase> All(Device device)
    {
        bool onGpu = device.type == DeviceType.CUDA;
        foreach (var (batch, seconds, labels) in onGpu ? new[] { (16, 15, 60), (40, 6, 24) } : [(2, 3, 12)])
            foreach (var precision in new[] { Precision.Fp32, Precision.Bf16 })
            {
                string size = onGpu ? "d512-L12-RoPEMHA" : "d144-L4-RoPEMHA";
                yield return new BenchmarkCase(
                    $"step/{size}/B{batch}x{seconds}s/{precision.Name}", "-", () =>
                    {
                        var step = new Step(device, precision, batch, seconds, labels, onGpu);
                        return (() => step.Run(new StepProfiler()), step);
                    },
                    MaxRounds: 7, ExtraBefore: () => Shares(device, precision, batch, seconds, labels, onGpu));
            }
    }

    private static string Shares(Device device, Precision precision, int batch, int seconds, int labels, bool full)
    {
        using var step = new Step(device, precision, batch, seconds, labels, full);
        for (int i = 0; i < 2; i++)
            step.Run(new StepProfiler(device));
        var profiler = new StepProfiler(device);
        for (int i = 0; i < ProfiledSteps; i++)
            step.Run(profiler);
        double Share(params string[] stages) => stages.Sum(stage => profiler.Time(stage).TotalMilliseconds) / profiler.Total.TotalMilliseconds;
        string Percent(double share) => share.ToString("P2", CultureInfo.InvariantCulture);
        return $"augmentation and masks {Percent(Share("speed", "augment", "masks"))}: "
            + string.Join(", ", profiler.Stages.Select(stage => $"{stage} {Percent(Share(stage))}"));
    }

    private sealed class Step : IDisposable
    {
        private readonly DisposeScope owner = NewDisposeScope();
        private readonly DynChunkTrainConfig chunks = new(16, 4);
        private readonly Generator generator = new(1);
        private readonly SpeedPerturb speed;
        private readonly Augmenter augmenter = new(
            [new SpectrogramDrop(12, 20, 5, 5), new SpectrogramDrop(20, 25, 2, 2, dim: 2), new Warping()], minAugmentations: 3, maxAugmentations: 3);
        private readonly Fbank fbank = new(nFft: 512, nMels: 80, winLength: 32);
        private readonly InputNormalization normalize = new();
        private readonly ConformerTransducer model;
        private readonly optim.Optimizer optimizer;
        private readonly WeightUpdate update;
        private readonly Tensor waves, tokens;
        private readonly long[] samples, tokenLengths;
        private readonly string[] names;
        private readonly Device device;

        public Step(Device device, Precision precision, int batch, int seconds, int labels, bool full)
        {
            this.device = device;
            speed = new SpeedPerturb(16000, [95, 100, 105], device: device);
            fbank.to(device);
            model = new ConformerTransducer(full
                ? new() { ComputeType = precision.ProductType }
                : new() { ComputeType = precision.ProductType, DModel = 144, NHead = 4, NumEncoderLayers = 4, DFfn = 576 }).to(device);
            model.train();
            Parameter[] weights = [.. model.parameters().Where(weight => weight.requires_grad)];
            optimizer = optim.AdamW(weights, 8e-4, beta2: 0.98, weight_decay: 0.01);
            update = new WeightUpdate(optimizer, weights, schedule: new NoamScheduler(8e-4, 25000));
            waves = randn(batch, seconds * 16000, device: device) * 0.1;
            tokens = randint(1, 1000, [batch, labels], ScalarType.Int64, device);
            // Utterances of a batch of the recipe are of nearly one length.
            samples = [.. Enumerable.Range(0, batch).Select(i => (long)(seconds * 16000 * (1 - 0.1 * i / batch)))];
            tokenLengths = [.. Enumerable.Repeat((long)labels, batch)];
            names = [.. Enumerable.Range(0, batch).Select(i => $"{i}")];
        }

        public void Run(StepProfiler clock)
        {
            using var scope = NewDisposeScope();
            var (perturbed, lengths, _) = clock.Measure("speed", () => speed.Apply(waves, samples, speed.Sample(generator, samples.Length)));
            var frames = fbank.FrameCounts(lengths);
            var features = clock.Measure("features", () =>
            {
                var onDevice = tensor(lengths, device: device);
                return normalize.call(fbank.Apply(perturbed, lengths: onDevice), fbank.FrameCounts(onDevice), 1);
            });
            var augmented = clock.Measure("augment", () =>
            {
                var batch = new AugmentedBatch(features, frames);
                return augmenter.Apply(batch, augmenter.Sample(generator, batch)).Data;
            });
            // Made once more, to be timed: the encoder makes the same.
            var encodedLengths = model.EncodedLengths(frames);
            clock.Measure("masks", () =>
            {
                long time = model.EncodedLengths([features.size(1)])[0];
                using var source = empty(features.size(0), time, 1, device: device);
                var attention = Functional.MakeTransformerSrcMask(source, dynChunkTrainConfig: chunks);
                AttentionMask.From(attention, Functional.GetMaskFromLengths(tensor(encodedLengths, device: device), time));
            });
            var encoded = clock.Measure("encoder", () => model.Encode(augmented, tensor(frames, device: device), chunks));
            var loss = clock.Measure("joint and losses", () => model.Loss(encoded, encodedLengths, tokens, tokenLengths).Total);
            clock.Measure("backward and update", () => update.Backward(loss, names));
        }

        public void Dispose()
        {
            update.Dispose();
            optimizer.Dispose();
            foreach (var module in new nn.Module[] { model, normalize, fbank, augmenter, speed })
                module.Dispose();
            generator.Dispose();
            owner.Dispose();
        }
    }
}
