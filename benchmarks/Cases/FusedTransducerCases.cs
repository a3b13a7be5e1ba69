using System.Globalization;
using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Benchmarks.Cases;

/// <summary>
/// Joint, output layer and RNN-T loss, forward and backward, fused against one after another on the logits of the whole batch, with the memory that
/// each takes at its peak.
/// </summary>
internal static class FusedTransducerCases
{
    private const long Joint = 640;

    public static IEnumerable<BenchmarkCase> All()
    {
        yield return Case(6, 45, 25, 29); // a batch of short prompts, by characters
        yield return Case(8, 375, 200, 29); // of long sentences
        yield return Case(4, 300, 40, 1000);
        yield return Case(16, 400, 60, 1000);
    }

    /// <summary>Beside torchaudio's loss on the logits of the whole batch, with what both sides take at their peak. On a CPU in little.</summary>
    public static IEnumerable<BenchmarkCase> OnGpu(Device device)
    {
        (long, long, long, long)[] sizes = device.type == DeviceType.CUDA
            ? [(4, 300, 40, 1000), (16, 400, 60, 1000), (8, 375, 200, 29)]
            : [(1, 60, 20, 100)];
        foreach (var (batch, frames, labels, outputs) in sizes)
        {
            var shape = new Shape(batch, frames, labels, outputs);
            var plan = TransducerMemoryPlan.For(shape.InputLens, shape.TargetLens, outputs, Joint, device: device);
            yield return new BenchmarkCase(
                $"rnnt/{batch}x{frames}x{labels + 1}x{outputs}/fused", "torchaudio", () => Prepare(shape, fused: true, device),
                FormattableString.Invariant($"planned {plan.TotalBytes / 1e6:F0} MB"), Twin: $"rnnt/{batch}x{frames}x{labels + 1}x{outputs}/torchaudio",
                MaxRounds: 7, PrepareSmall: () => Prepare(shape with { Batch = 1, Frames = 8, Labels = 4 }, fused: true, device));
        }
    }

    private static BenchmarkCase Case(long batch, long frames, long labels, long outputs)
    {
        var shape = new Shape(batch, frames, labels, outputs);
        return new BenchmarkCase(
            $"rnnt/{batch}x{frames}x{labels + 1}x{outputs}/fused", "unfused", () => Prepare(shape, fused: true),
            PrepareBaseline: () => Prepare(shape, fused: false), MaxRounds: batch * frames * labels > 100_000 ? 3 : int.MaxValue,
            ExtraBefore: () => Memory(shape));
    }

    private static string Memory(Shape shape)
    {
        var plan = TransducerMemoryPlan.For(shape.InputLens, shape.TargetLens, shape.Outputs, Joint);
        double ours = Peak(fused: true) / 1e6, theirs = Peak(fused: false) / 1e6;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"peak {ours:F0} MB (planned {plan.TotalBytes / 1e6:F0}), unfused {theirs:F0} (planned {plan.UnfusedBytes / 1e6:F0}): 1/{theirs / ours:F1}");

        double Peak(bool fused)
        {
            // What is loaded and compiled once is not the batch's.
            var (small, first) = Prepare(shape with { Batch = 1, Frames = 8, Labels = 4 }, fused);
            using (first)
                small();
            var (body, owner) = Prepare(shape, fused);
            using (owner)
                return PeakMemory.Of(body);
        }
    }

    private static (Action, IDisposable) Prepare(Shape shape, bool fused, Device? device = null)
    {
        var (batch, frames, labels, outputs) = shape;
        var owner = NewDisposeScope();
        var joint = new TransducerJoint(nonlinearity: Activation.GELU);
        var output = new Projection(Joint, outputs, bias: false, device: device);
        var encoded = randn(batch, frames, Joint, device: device).requires_grad_();
        var predicted = randn(batch, labels + 1, Joint, device: device).requires_grad_();
        var targets = randint(1, outputs, [batch, labels], dtype: ScalarType.Int64, device: device);
        return (() =>
        {
            using var scope = NewDisposeScope();
            Loss().backward();
            foreach (var leaf in new[] { encoded, predicted, output.Weight })
                leaf.grad = null;
        }, owner);

        Tensor Loss()
        {
            if (fused)
                return Functional.FusedTransducerLoss(
                    encoded, predicted, joint, output.Weight, null, targets, shape.InputLens, shape.TargetLens);
            using var scope = NewDisposeScope();
            var logits = output.call(joint.call(encoded.unsqueeze(2), predicted.unsqueeze(1))!)!;
            return Functional.TransducerLoss(logits, targets, shape.InputLens, shape.TargetLens).MoveToOuterDisposeScope();
        }
    }

    private sealed record Shape(long Batch, long Frames, long Labels, long Outputs)
    {
        public long[] InputLens => [.. Enumerable.Repeat(Frames, (int)Batch)];

        public long[] TargetLens => [.. Enumerable.Repeat(Labels, (int)Batch)];
    }
}
