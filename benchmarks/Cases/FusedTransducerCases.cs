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
        yield return Case(4, 300, 40, 1000);
        yield return Case(16, 400, 60, 1000);
    }

    private static BenchmarkCase Case(long batch, long frames, long labels, long outputs)
    {
        long[] inputLens = [.. Enumerable.Repeat(frames, (int)batch)], targetLens = [.. Enumerable.Repeat(labels, (int)batch)];
        var plan = TransducerMemoryPlan.For(inputLens, targetLens, outputs, Joint);
        var name = $"rnnt/{batch}x{frames}x{labels + 1}x{outputs}/fused";
        return new BenchmarkCase(
            name, "unfused", () => Prepare(fused: true), PrepareBaseline: () => Prepare(fused: false), MaxRounds: 5, ExtraAfter: Memory);

        string Memory()
        {
            double ours = Peak(fused: true) / 1e6, theirs = Peak(fused: false) / 1e6;
            return string.Create(
                CultureInfo.InvariantCulture,
                $"peak {ours:F0} MB (planned {plan.TotalBytes / 1e6:F0}), unfused {theirs:F0} (planned {plan.UnfusedBytes / 1e6:F0}): 1/{theirs / ours:F1}");
        }

        double Peak(bool fused)
        {
            var (body, owner) = Prepare(fused);
            using (owner)
                return PeakMemory.Of(body);
        }

        (Action, IDisposable) Prepare(bool fused)
        {
            var owner = NewDisposeScope();
            var joint = new TransducerJoint(nonlinearity: Activation.GELU);
            var output = new Projection(Joint, outputs, bias: false);
            Tensor encoded = randn(batch, frames, Joint).requires_grad_(), predicted = randn(batch, labels + 1, Joint).requires_grad_();
            var targets = randint(1, outputs, [batch, labels], dtype: ScalarType.Int64);
            return (() =>
            {
                using var scope = NewDisposeScope();
                Loss(fused).backward();
                foreach (var leaf in new[] { encoded, predicted, output.Weight })
                    leaf.grad = null;
            }, owner);

            Tensor Loss(bool together)
            {
                if (together)
                    return Functional.FusedTransducerLoss(encoded, predicted, joint, output.Weight, null, targets, inputLens, targetLens);
                using var scope = NewDisposeScope();
                var logits = output.call(joint.call(encoded.unsqueeze(2), predicted.unsqueeze(1))!)!;
                return Functional.TransducerLoss(logits, targets, inputLens, targetLens).MoveToOuterDisposeScope();
            }
        }
    }
}
