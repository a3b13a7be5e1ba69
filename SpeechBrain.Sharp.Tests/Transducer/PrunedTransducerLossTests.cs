using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static SpeechBrain.Sharp.Tests.Testing.Numbers;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Transducer;

[TestFixture]
public sealed class PrunedTransducerLossTests
{
    private static readonly LossReduction[] Reductions = [LossReduction.None, LossReduction.Sum, LossReduction.Mean];

    [TestCaseSource(typeof(Devices), nameof(Devices.AllFloats))]
    public void WindowsOfAllStatesGiveTheFullLoss(DeviceType type, ScalarType dtype)
    {
        var device = Devices.Require(type);
        using var scope = NewDisposeScope();
        var batch = TransducerBatch.Draw([30, 21, 8], [9, 12, 2], 40, seed: 7);
        var ranges = arange(13, device: device).expand(3, 30, 13);
        var leaf = batch.Logits.to(dtype, device, copy: true).requires_grad_();
        var losses = Functional.PrunedTransducerLoss(
            leaf, ranges, batch.Targets.to(device), batch.Frames, batch.Labels, reduction: LossReduction.None);
        losses.sum().backward();
        double tolerance = dtype == ScalarType.Float64 ? 1e-10 : 1e-5;
        AssertClose(Values(losses), batch.NaiveLosses(), tolerance, 0);
        AssertClose(Values(leaf.grad!), batch.NaiveGradient(), tolerance, tolerance);
    }

    [Test]
    public void OnlyAlignmentsWithinTheWindowsCount([Values(2, 3)] int sRange, [Values(0, 4)] int blank)
    {
        using var scope = NewDisposeScope();
        var batch = SimpleBatch.Draw([5, 4, 6], [3, 0, 4], 5, blank, scale: 3);
        var ranges = Ranges(batch, sRange);
        var states = ranges.size(2);
        var joint = batch.Logits.tanh() * 4; // not the simple joint: windows and alignments disagree
        var logits = joint.gather(2, ranges.unsqueeze(-1).expand(3, 6, states, 5));
        var losses = Functional.PrunedTransducerLoss(
            logits, ranges, batch.Targets, batch.Frames, batch.Labels, blank, LossReduction.None);
        var log = joint.log_softmax(-1);
        for (int b = 0; b < 3; b++)
        {
            long[] first = ranges[b].select(1, 0).data<long>().ToArray();
            var paths = batch.Paths(log, b, (t, u) => u >= first[t] && u < first[t] + states);
            Assert.That(losses[b].item<double>(), Is.EqualTo(-Math.Log(paths.Total)).Within(1e-12));
            Assert.That(paths.Total, Is.LessThanOrEqualTo(batch.Paths(log, b).Total));
        }
    }

    [Test]
    public void GradientsAreThoseOfTheValue([ValueSource(nameof(Reductions))] LossReduction reduction)
    {
        using var scope = NewDisposeScope();
        var batch = SimpleBatch.Draw([5, 3, 4], [3, 2, 0], 4);
        var ranges = Ranges(batch, 2);
        var logits = Noise.Normal([3, 5, 2, 4], 9, ScalarType.Float64);
        GradCheck.Check(
            x => Functional.PrunedTransducerLoss(x[0], ranges, batch.Targets, batch.Frames, batch.Labels, 0, reduction), logits);
    }

    [Test]
    public void StatesOfEachFrameAreGathered()
    {
        using var scope = NewDisposeScope();
        var (encoded, predicted) = (Noise.Normal([2, 3, 4], 1, ScalarType.Float64), Noise.Normal([2, 5, 4], 2, ScalarType.Float64));
        var ranges = tensor(new long[,,] { { { 0, 1 }, { 1, 2 }, { 3, 4 } }, { { 0, 1 }, { 0, 1 }, { 2, 3 } } });
        var (frames, states) = Functional.PruneStates(encoded, predicted, ranges);
        Assert.That(Values(frames), Is.EqualTo(Values(encoded)));
        Assert.That(frames.shape, Is.EqualTo(new long[] { 2, 3, 1, 4 }));
        Assert.That(states.shape, Is.EqualTo(new long[] { 2, 3, 2, 4 }));
        for (int b = 0; b < 2; b++)
            for (int t = 0; t < 3; t++)
                for (int s = 0; s < 2; s++)
                    Assert.That(Values(states[b, t, s]), Is.EqualTo(Values(predicted[b, ranges[b, t, s].item<long>()])));
        GradCheck.Check(x => Functional.PruneStates(encoded, x[0], ranges).Predicted, predicted);
    }

    /// <summary>Both losses of the module, by their definitions, and gradients of everything that is trained.</summary>
    [Test]
    public void TheModuleIsSimpleLossWindowsAndPrunedLoss()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(2);
        using var module = new PrunedTransducerLoss(6, 4, 5, sRange: 2, dtype: ScalarType.Float64);
        Assert.That(module.state_dict().Keys, Is.EquivalentTo(new[]
        {
            "simple_am_proj.w.weight", "simple_am_proj.w.bias", "simple_lm_proj.w.weight", "simple_lm_proj.w.bias",
        }));
        var batch = TransducerBatch.Draw([6, 4], [4, 2], 5);
        var (encoded, predicted) = (Noise.Normal([2, 6, 6], 4, ScalarType.Float64), Noise.Normal([2, 5, 4], 5, ScalarType.Float64));
        var output = Noise.Normal([10, 5], 6, ScalarType.Float64).requires_grad_();
        Tensor Joint(Tensor e, Tensor p) => cat([e.expand(-1, -1, p.size(2), -1), p], -1).tanh().matmul(output);

        var losses = module.call(encoded, predicted, batch.Targets, batch.Frames, batch.Labels, Joint);
        var weights = module.state_dict();
        Tensor Project(Tensor x, string name) => x.matmul(weights[$"{name}.w.weight"].t()) + weights[$"{name}.w.bias"];
        var simple = Functional.SimpleTransducerLoss(
            Project(encoded, "simple_am_proj"), Project(predicted, "simple_lm_proj"), batch.Targets, batch.Frames, batch.Labels, lmOnlyScale: 0.25);
        Assert.That(losses.Simple.item<double>(), Is.EqualTo(simple.Loss.item<double>()).Within(1e-12));
        var ranges = Functional.PruneRanges(simple.BlankArcs, simple.LabelArcs, batch.Frames, batch.Labels, 2);
        Assert.That(Values(losses.Ranges), Is.EqualTo(Values(ranges)));
        var (frames, states) = Functional.PruneStates(encoded, predicted, losses.Ranges);
        var pruned = Functional.PrunedTransducerLoss(Joint(frames, states), losses.Ranges, batch.Targets, batch.Frames, batch.Labels);
        Assert.That(losses.Pruned.item<double>(), Is.EqualTo(pruned.item<double>()).Within(1e-12));

        losses.Total((0.5, 1)).backward();
        foreach (var (name, gradient) in module.named_parameters().Select(p => (p.Item1, p.Item2.grad)).Append(("output", output.grad)))
            Assert.That(gradient!.abs().sum().item<double>(), Is.GreaterThan(0), name);
    }

    [Test]
    public void TheWarmUpRunsInStraightLines()
    {
        var warmUp = new PrunedTransducerWarmUp(0.5, 100);
        Assert.That(warmUp.At(0), Is.EqualTo((1.0, 0.1)));
        Assert.That(warmUp.At(50), Is.EqualTo((0.75, 0.55)));
        Assert.That(warmUp.At(100), Is.EqualTo((0.5, 1.0)));
        Assert.That(warmUp.At(100000), Is.EqualTo((0.5, 1.0)));
        Assert.That(new PrunedTransducerWarmUp(0.25, 0).At(0), Is.EqualTo((0.25, 1.0)));
        Refusal.Of(() => warmUp.At(-1), "at least 0");
        Refusal.Of(() => new PrunedTransducerWarmUp(-1), "SimpleScale");
        Refusal.Of(() => new PrunedTransducerWarmUp(1, -1), "Steps");
    }

    [Test]
    public void PaddingChangesNothingAndGetsNoGradient()
    {
        using var scope = NewDisposeScope();
        var batch = SimpleBatch.Draw([6, 3], [4, 1], 5);
        var ranges = Ranges(batch, 3);
        var logits = Noise.Normal([2, 6, 3, 5], 9, ScalarType.Float64);
        var other = logits.clone();
        other[1].narrow(0, 3, 3).fill_(1e4);
        other[1].narrow(1, 2, 1).fill_(1e4); // state 2 of an utterance of one label
        var (loss, gradient) = Evaluate(logits);
        var (otherLoss, otherGradient) = Evaluate(other);
        Assert.That(otherLoss, Is.EqualTo(loss));
        Assert.That(otherGradient, Is.EqualTo(gradient));

        (double[], double[]) Evaluate(Tensor values)
        {
            var leaf = values.clone().requires_grad_();
            var losses = Functional.PrunedTransducerLoss(leaf, ranges, batch.Targets, batch.Frames, batch.Labels, reduction: LossReduction.None);
            losses.sum().backward();
            return (Values(losses), Values(leaf.grad!));
        }
    }

    [Test]
    public void HalfPrecisionIsComputedWithInFloat32()
    {
        using var scope = NewDisposeScope();
        var batch = SimpleBatch.Draw([6, 3], [4, 1], 5);
        var ranges = Ranges(batch, 3);
        var leaf = Noise.Normal([2, 6, 3, 5], 9, ScalarType.BFloat16).requires_grad_();
        Tensor Loss(Tensor logits) => Functional.PrunedTransducerLoss(logits, ranges, batch.Targets, batch.Frames, batch.Labels);
        var loss = Loss(leaf);
        loss.backward();
        Assert.That((loss.dtype, leaf.grad!.dtype), Is.EqualTo((ScalarType.Float32, ScalarType.BFloat16)));
        Assert.That((double)loss.item<float>(), Is.EqualTo(Loss(leaf.detach().to(ScalarType.Float64)).item<double>()).Within(1e-5));
    }

    [Test]
    public void NothingLeaks()
    {
        using var scope = NewDisposeScope();
        using var module = new PrunedTransducerLoss(6, 6, 5, sRange: 2);
        var batch = TransducerBatch.Draw([6, 4], [4, 2], 5);
        Tensor encoded = randn(2, 6, 6), predicted = randn(2, 5, 6);
        LeakCheck.IsClean(() =>
        {
            using var step = NewDisposeScope();
            var losses = module.call(encoded, predicted, batch.Targets, batch.Frames, batch.Labels, (e, p) => (e + p).narrow(-1, 0, 5));
            losses.Total((1, 1)).backward();
            module.zero_grad();
        });
    }

    [Test]
    public void WrongArgumentsAreNamed()
    {
        using var scope = NewDisposeScope();
        var batch = SimpleBatch.Draw([6, 5], [3, 2], 5);
        var ranges = Ranges(batch, 2);
        var logits = zeros(2, 6, 2, 5);
        Tensor Loss(Tensor x, Tensor windows, Tensor? targets = null, long[]? frames = null) =>
            Functional.PrunedTransducerLoss(x, windows, targets ?? batch.Targets, frames ?? batch.Frames, batch.Labels);
        Refusal.Of(() => Loss(logits[0], ranges), "[batch, T, states, V]");
        Refusal.Of(() => Loss(logits.narrow(2, 0, 1), ranges), "dimension 2 must be 1");
        Refusal.Of(() => Loss(logits, ranges + 3), "states in [0, 3]");
        Refusal.Of(() => Loss(logits, ranges.to(ScalarType.Int32)), "int64");
        Refusal.Of(() => Loss(logits, ranges.narrow(1, 0, 5)), "dimension 1 must be 6");
        Refusal.Of(() => Loss(logits, ranges, zeros_like(batch.Targets)), "which is blank");
        Refusal.Of(() => Loss(logits, ranges, frames: [6, 7]), "inputLens[1]");
        Refusal.Of(() => Functional.PruneStates(zeros(2, 6, 4), zeros(2, 3, 4), ranges + 1), "states in [0, 2]");
        Refusal.Of(() => new PrunedTransducerLoss(4, 4, 5, sRange: 1), "at least 2");
        Refusal.Of(() => new PrunedTransducerLoss(4, 4, 5, lmOnlyScale: 0.7, amOnlyScale: 0.7), "at most 1 together");
    }

    private static Tensor Ranges(SimpleBatch batch, int sRange)
    {
        var score = Functional.SimpleTransducerLoss(batch.Am, batch.Lm, batch.Targets, batch.Frames, batch.Labels, batch.Blank);
        return Functional.PruneRanges(score.BlankArcs, score.LabelArcs, batch.Frames, batch.Labels, sRange);
    }
}
