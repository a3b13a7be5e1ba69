using NUnit.Framework;
using SpeechBrain.Sharp.Conformer;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static SpeechBrain.Sharp.Tests.Testing.Numbers;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Transducer;

[TestFixture]
public sealed class FusedTransducerLossTests
{
    private static readonly LossReduction[] Reductions = [LossReduction.None, LossReduction.Sum, LossReduction.Mean];

    private static readonly Activation[] Activations =
    [
        Activation.Identity, Activation.ReLU, Activation.LeakyReLU, Activation.GELU, Activation.Swish, Activation.Tanh, Activation.Sigmoid,
        new("Squared", x => x * x),
    ];

    private static IEnumerable<TestCaseData> Shapes()
    {
        yield return Shape("square", [6, 6], [3, 3], 5);
        yield return Shape("one node", [1], [0], 3);
        yield return Shape("no labels", [6, 2], [0, 0], 4);
        yield return Shape("ragged", [7, 1, 4, 5], [0, 5, 3, 1], 6);
        yield return Shape("blank inside", [5, 4], [2, 3], 7, 3);
        yield return Shape("longer than a batch of runs", [90, 31], [10, 40], 50);

        static TestCaseData Shape(string name, long[] frames, long[] labels, int outputs, int blank = 0) =>
            new TestCaseData(frames, labels, outputs, blank).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Shapes))]
    public void ItIsTheLossOfTheLogits(long[] frames, long[] labels, int outputs, int blank)
    {
        using var scope = NewDisposeScope();
        AssertFused(FusedBatch.Draw(frames, labels, outputs, blank: blank), LossReduction.Sum);
    }

    [Test]
    public void EveryReductionAndItsGradientAgree(
        [ValueSource(nameof(Reductions))] LossReduction reduction, [Values] bool normalizeByFrames, [Values] bool bias)
    {
        using var scope = NewDisposeScope();
        AssertFused(FusedBatch.Draw([7, 2, 4], [3, 5, 0], 6, bias: bias), reduction, normalizeByFrames);
    }

    /// <summary>Each utterance's loss weighted apart: the shared weights' gradient is the weighted sum of each utterance's.</summary>
    [Test]
    public void LossesOfUtterancesCanBeWeightedAfterwards()
    {
        using var scope = NewDisposeScope();
        var batch = FusedBatch.Draw([7, 2, 4], [3, 5, 0], 6);
        var fused = batch.Evaluate(b => b.Fused(LossReduction.None), 0.5, -2, 0);
        var expected = batch.Evaluate(b => b.Unfused(LossReduction.None), 0.5, -2, 0);
        AssertClose(fused.Loss, expected.Loss, 1e-12, 0);
        AssertClose(fused.Gradients, expected.Gradients, 1e-9, 1e-11);
    }

    [Test]
    public void EveryNonlinearityAndBothKindsOfJointAgree([ValueSource(nameof(Activations))] Activation activation, [Values] JointKind kind)
    {
        using var scope = NewDisposeScope();
        AssertFused(FusedBatch.Draw([7, 4], [3, 2], 6, activation: activation, kind: kind), LossReduction.Mean);
    }

    [TestCaseSource(typeof(Devices), nameof(Devices.AllFloats))]
    public void EveryDeviceAndDtypeAgrees(DeviceType type, ScalarType dtype)
    {
        var device = Devices.Require(type);
        using var scope = NewDisposeScope();
        var batch = FusedBatch.Draw([30, 21, 8], [9, 12, 2], 40);
        var expected = batch.Evaluate(b => b.Unfused(LossReduction.Mean));
        foreach (var reduction in (LossReduction[])[LossReduction.Mean, LossReduction.None])
        {
            var there = batch.To(dtype, device);
            var (loss, gradients) = there.Evaluate(b => b.Fused(reduction).mean());
            double tolerance = dtype == ScalarType.Float64 ? 1e-10 : 2e-5;
            AssertClose(loss, expected.Loss, tolerance, 0);
            AssertClose(gradients, expected.Gradients, tolerance, tolerance);
            Assert.That(there.Fused(reduction).dtype, Is.EqualTo(dtype));
        }
    }

    /// <summary>Budgets from the least to plenty: whole utterances, shorter runs of frames, cut utterances.</summary>
    [Test]
    public void ABudgetChangesTheMemoryAndNothingElse([ValueSource(nameof(Reductions))] LossReduction reduction)
    {
        using var scope = NewDisposeScope();
        var batch = FusedBatch.Draw([40, 31, 8], [9, 12, 2], 150);
        TransducerMemoryPlan Plan(long? budget) => TransducerMemoryPlan.For(
            batch.Frames, batch.Labels, 150, 6, ScalarType.Float64, reduction: reduction, budget: budget);
        long ample = Plan(null).TotalBytes, least = Least(() => Plan(0));
        var expected = batch.Evaluate(b => b.Unfused(reduction));
        List<int> cut = [];
        foreach (long budget in (long[])[least, (3 * least + ample) / 4, (least + ample) / 2, ample, 10 * ample])
        {
            var plan = Plan(budget);
            Assert.That(plan.TotalBytes, Is.LessThanOrEqualTo(budget));
            cut.Add(plan.Slices.Count(s => s.IsCut));
            var (loss, gradients) = batch.Evaluate(b => b.Fused(reduction, budget: budget));
            AssertClose(loss, expected.Loss, 1e-12, 0);
            AssertClose(gradients, expected.Gradients, 1e-9, 1e-11);
        }
        Assert.That(cut, Is.Ordered.Descending.And.Some.EqualTo(0).And.Some.GreaterThan(0));
        Refusal.Of(() => batch.Fused(reduction, budget: 100), "budget must be at least");
    }

    /// <summary>As on a device other than the CPU: several utterances a slice, by tensor operations.</summary>
    [Test]
    public void UtterancesThatShareASliceDoNotMeet([Values] bool withGradients, [Values] bool inMemory)
    {
        using var scope = NewDisposeScope();
        var batch = FusedBatch.Draw([9, 21, 8, 1], [5, 12, 0, 3], 11);
        var plan = TransducerMemoryPlan.For(batch.Frames, batch.Labels, 11, 6, ScalarType.Float64, new Device(DeviceType.CUDA, 0));
        Assert.That(plan.Slices.Single().Utterances, Is.EqualTo(new[] { 1, 0, 2, 3 }), "by their nodes");
        var leaves = withGradients ? batch with { Encoded = batch.Encoded.clone().requires_grad_() } : batch;
        var joint = new FusedJoint(leaves.Encoded, leaves.Predicted, leaves.Joint, leaves.Weight, leaves.Bias);
        var gradients = new FusedGradients(joint, perUtterance: false);
        var engine = inMemory ? TransducerLossEngine.Cpu : TransducerLossEngine.Tensor;
        var targets = new FusedTargets(batch.Targets, batch.Frames, batch.Labels, 11, 0, new() { Engine = engine });
        var losses = new FusedScores(joint, targets, plan, gradients, [1, 0.5, 2, 1]).Losses();
        AssertClose(Values(losses), Values(batch.Unfused(LossReduction.None)), 1e-12, 0);
        if (!withGradients)
            return;
        var expected = (leaves.Unfused(LossReduction.None) * tensor([1, 0.5, 2, 1])).sum();
        expected.backward();
        AssertClose(Values(gradients.Encoded!), Values(leaves.Encoded.grad!), 1e-10, 1e-12);
    }

    [Test]
    public void FastEmitAndClampAreThoseOfTheLoss([Values] TransducerLossEngine engine, [Values] bool cut)
    {
        using var scope = NewDisposeScope();
        var batch = FusedBatch.Draw([20, 31, 8], [9, 12, 2], 150);
        var options = new TransducerLossOptions { Engine = engine, FastEmit = 0.3, GradientClamp = 0.05 };
        long? budget = cut ? Least(() => batch.Evaluate(b => b.Fused(budget: 0))) : null;
        var (loss, gradients) = batch.Evaluate(b => b.Fused(budget: budget, options: options));
        var expected = batch.Evaluate(b => b.Unfused(options: options));
        AssertClose(loss, expected.Loss, 1e-12, 0);
        AssertClose(gradients, expected.Gradients, 1e-9, 1e-11);
        Assert.That(gradients, Is.Not.EqualTo(batch.Evaluate(b => b.Fused()).Gradients).Within(1e-6));
    }

    [Test]
    public void GradientsAreThoseOfTheValue([ValueSource(nameof(Reductions))] LossReduction reduction, [Values] bool normalizeByFrames)
    {
        using var scope = NewDisposeScope();
        var batch = FusedBatch.Draw([3, 2], [1, 2], 3, width: 2);
        GradCheck.Check(
            x => (batch with { Encoded = x[0], Predicted = x[1], Weight = x[2], Bias = x[3] }).Fused(reduction, normalizeByFrames),
            batch.Encoded, batch.Predicted, batch.Weight, batch.Bias!);
    }

    [Test]
    public void OnlyWhatAsksForAGradientGetsOne([Range(1, 15)] int asking)
    {
        using var scope = NewDisposeScope();
        var batch = FusedBatch.Draw([5, 3], [2, 1], 4);
        var expected = batch.Evaluate(b => b.Unfused()).Gradients;
        Tensor[] inputs = [batch.Encoded, batch.Predicted, batch.Weight, batch.Bias!];
        Tensor[] leaves = [.. inputs.Select((x, i) => x.clone().requires_grad_((asking >> i & 1) == 1))];
        (batch with { Encoded = leaves[0], Predicted = leaves[1], Weight = leaves[2], Bias = leaves[3] }).Fused().backward();
        int start = 0;
        foreach (var leaf in leaves)
        {
            if (leaf.requires_grad)
                AssertClose(Values(leaf.grad!), expected[start..(start + (int)leaf.numel())], 1e-9, 1e-11);
            else
                Assert.That(leaf.grad is null or { IsInvalid: true }, Is.True);
            start += (int)leaf.numel();
        }
    }

    [Test]
    public void WithoutGradientsThereAreOnlyValues()
    {
        using var scope = NewDisposeScope();
        var batch = FusedBatch.Draw([7, 4], [3, 2], 6);
        batch.Weight.requires_grad_();
        using var noGrad = no_grad();
        var loss = batch.Fused(LossReduction.None);
        Assert.That(loss.requires_grad, Is.False);
        AssertClose(Values(loss), Values(batch.Unfused(LossReduction.None)), 1e-12, 0);
        long cutBudget = Least(() => TransducerMemoryPlan.For(
            batch.Frames, batch.Labels, 6, 6, ScalarType.Float64, withGradients: false, reduction: LossReduction.None, budget: 0));
        AssertClose(Values(batch.Fused(LossReduction.None, budget: cutBudget)), Values(loss), 1e-12, 0);
    }

    [Test]
    public void PaddingChangesNothingAndGetsNoGradient()
    {
        using var scope = NewDisposeScope();
        var batch = FusedBatch.Draw([7, 3, 5], [2, 4, 0], 6);
        var padded = batch with { Encoded = batch.Encoded.clone(), Predicted = batch.Predicted.clone(), Targets = batch.Targets.clone() };
        padded.Encoded[1].narrow(0, 3, 4).fill_(1e6);
        padded.Predicted[0].narrow(0, 3, 2).fill_(-1e6);
        padded.Targets[0].narrow(0, 2, 2).fill_(-100);
        foreach (var reduction in Reductions)
        {
            var (expected, found) = (batch.Evaluate(b => b.Fused(reduction)), padded.Evaluate(b => b.Fused(reduction)));
            Assert.That(found.Loss, Is.EqualTo(expected.Loss));
            Assert.That(found.Gradients, Is.EqualTo(expected.Gradients));
            Assert.That(found.Gradients[(10 * 6)..(14 * 6)], Has.All.Zero, "padding frames of utterance 1");
        }
    }

    [TestCase(ScalarType.BFloat16)]
    [TestCase(ScalarType.Float16)]
    public void HalfPrecisionComesCloseToFloat64(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var batch = FusedBatch.Draw([20, 14], [6, 8], 30).To(dtype, CPU);
        var (loss, gradients) = batch.Evaluate(b => b.Fused());
        var expected = batch.To(ScalarType.Float64, CPU).Evaluate(b => b.Unfused());
        AssertClose(loss, expected.Loss, 1e-2, 0);
        AssertClose(gradients, expected.Gradients, 0.05, 0.05);
        Assert.That(batch.Fused().dtype, Is.EqualTo(ScalarType.Float32));
    }

    [TestCase(ScalarType.BFloat16)]
    [TestCase(ScalarType.Float16)]
    public void HalfPrecisionLossesCanBeWeightedAfterwards(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var batch = FusedBatch.Draw([20, 14], [6, 8], 30).To(dtype, CPU);
        var (_, gradients) = batch.Evaluate(b => b.Fused(LossReduction.None), 0.5, 2);
        var expected = batch.To(ScalarType.Float64, CPU).Evaluate(b => b.Unfused(LossReduction.None), 0.5, 2);
        AssertClose(gradients, expected.Gradients, 0.05, 0.1);
    }

    /// <summary>A factor on the loss saves gradients that float16 has no numbers for: they become float16 after it.</summary>
    [Test]
    public void AFactorOnTheLossSavesSmallGradients()
    {
        using var scope = NewDisposeScope();
        var batch = FusedBatch.Draw(
            [.. Enumerable.Repeat(5L, 64)], [.. Enumerable.Repeat(3L, 64)], 9, activation: Activation.Identity);
        batch = (batch with { Weight = batch.Weight * 1e-5 }).To(ScalarType.Float16, CPU);
        const double Factor = 1 << 20;
        var (_, gradients) = batch.Evaluate(b => b.Fused() * Factor);
        var expected = batch.To(ScalarType.Float64, CPU).Evaluate(b => b.Unfused() * Factor);
        int encodings = (int)batch.Encoded.numel();
        AssertClose(gradients[..encodings], expected.Gradients[..encodings], 0.01, 1e-3);
        Assert.That(gradients[..encodings].Max(Math.Abs), Is.InRange(0.05, 0.5), "less than 6e-7 without the factor");
    }

    /// <summary>An encoder that is not trained may run in inference mode, whose tensors can have no gradient.</summary>
    [Test]
    public void OneSideMayComeFromInferenceMode([Values] bool encoderSide, [Values] JointKind kind)
    {
        using var scope = NewDisposeScope();
        var batch = FusedBatch.Draw([7, 4], [3, 2], 6, kind: kind);
        FusedBatch Leaves() => encoderSide
            ? batch with { Predicted = batch.Predicted.clone().requires_grad_() }
            : batch with { Encoded = batch.Encoded.clone().requires_grad_() };
        Tensor Trained(FusedBatch b) => encoderSide ? b.Predicted : b.Encoded;
        var expected = Leaves();
        expected.Fused().backward();
        var found = Leaves();
        using (inference_mode())
            found = encoderSide ? found with { Encoded = batch.Encoded.clone() } : found with { Predicted = batch.Predicted.clone() };
        found.Fused().backward();
        Assert.That(Values(Trained(found).grad!), Is.EqualTo(Values(Trained(expected).grad!)));
    }

    [Test]
    public void ThePlanOfTheModuleKnowsTheTypeOfItsProducts()
    {
        using var module = new FusedTransducerLoss(new TransducerJoint(), new Projection(6, 5));
        long whole = module.Plan([7, 4], [3, 2]).LogitBytes;
        module.ComputeIn(ScalarType.BFloat16);
        Assert.That(module.Plan([7, 4], [3, 2]).LogitBytes, Is.EqualTo(whole / 2));
    }

    [Test]
    public void NaNInOneUtteranceStaysInIt()
    {
        using var scope = NewDisposeScope();
        var batch = FusedBatch.Draw([7, 3], [2, 4], 6);
        batch.Encoded[1, 1, 0] = tensor(double.NaN, dtype: ScalarType.Float64);
        var clean = Values(batch.Unfused(LossReduction.None));
        var (loss, gradients) = batch.Evaluate(b => b.Fused(LossReduction.None));
        Assert.That(loss[0], Is.EqualTo(clean[0]).Within(1e-12));
        Assert.That(loss[1], Is.NaN);
        Assert.That(gradients[..(7 * 6)], Has.None.NaN);
        Assert.That(gradients[(7 * 6)..(10 * 6)], Has.Some.NaN);
    }

    [Test]
    public void TheModuleOwnsJointAndOutputLayer()
    {
        using var scope = NewDisposeScope();
        var batch = FusedBatch.Draw([7, 4], [3, 2], 5, blank: 2).To(ScalarType.Float32, CPU);
        using var module = new FusedTransducerLoss(
            batch.Joint, new Projection(6, 5), blankIndex: 2, reduction: LossReduction.Sum, memoryBudget: 1 << 20);
        Assert.That(module.state_dict().Keys, Is.EqualTo(new[] { "output.w.weight", "output.w.bias" }));
        var value = module.call(batch.Encoded, batch.Predicted, batch.Targets, batch.Frames, batch.Labels);
        var state = module.state_dict();
        var expected = (batch with { Weight = state["output.w.weight"], Bias = state["output.w.bias"] }).Unfused(LossReduction.Sum);
        AssertClose(Values(value), Values(expected), 1e-5, 0);
        value.backward();
        Assert.That(module.parameters().All(p => p.grad!.abs().sum().item<float>() > 0), Is.True);
        Assert.That(module.Plan(batch.Frames, batch.Labels).TotalBytes, Is.LessThan(1 << 20));
    }

    [Test]
    public void NothingLeaks()
    {
        using var scope = NewDisposeScope();
        var batch = FusedBatch.Draw([6, 5], [3, 2], 5);
        LeakCheck.IsClean(() => batch.Fused());
        foreach (long? budget in (long?[])[null, Least(() => batch.Evaluate(b => b.Fused(budget: 0)))])
            LeakCheck.IsClean(() => { batch.Evaluate(b => b.Fused(budget: budget)); });
    }

    [Test]
    public void WrongArgumentsAreNamed()
    {
        using var scope = NewDisposeScope();
        var batch = FusedBatch.Draw([6, 5], [3, 2], 5);
        Refusal.Of(() => (batch with { Encoded = batch.Encoded[0] }).Fused(), "[batch, T, width]");
        Refusal.Of(() => (batch with { Encoded = null! }).Fused(), "encoded");
        using var module = new FusedTransducerLoss(new TransducerJoint(), new Projection(6, 5));
        Refusal.Of(() => module.call(null!, batch.Predicted, batch.Targets, batch.Frames, batch.Labels), "encoded");
        Refusal.Of(() => module.call(batch.Encoded, null!, batch.Targets, batch.Frames, batch.Labels), "predicted");
        Refusal.Of(() => (batch with { Predicted = batch.Predicted.narrow(2, 0, 5) }).Fused(), "for a sum");
        Refusal.Of(() => (batch with { Predicted = batch.Predicted.narrow(0, 0, 1) }).Fused(), "dimension 0 must be 2");
        Refusal.Of(() => (batch with { Predicted = batch.Predicted.to(ScalarType.Float32) }).Fused(), "convert one of them");
        Refusal.Of(() => (batch with { Weight = batch.Weight.narrow(1, 0, 5) }).Fused(), "the width of the joint");
        Refusal.Of(() => (batch with { Bias = batch.Bias!.narrow(0, 0, 4) }).Fused(), "the outputs of weight");
        Refusal.Of(() => (batch with { Targets = batch.Targets.narrow(1, 0, 2) }).Fused(), "dimension 1 must be 3");
        Refusal.Of(() => (batch with { Targets = zeros_like(batch.Targets) }).Fused(), "which is blank");
        Refusal.Of(() => (batch with { Frames = [6, 7] }).Fused(), "inputLens[1] must lie in [1, 6]");
        Refusal.Of(() => (batch with { Labels = [3, 4] }).Fused(), "targetLens[1] must lie in [0, 3]");
        Refusal.Of(() => (batch with { Blank = 5 }).Fused(), "[0, 4]");
        Refusal.Of(() => batch.Fused(LossReduction.Batch), "Mean");
        using var skipped = new SkippedUtterances();
        Refusal.Of(() => batch.Fused(options: new() { SkipNonFinite = skipped }), "leaves no utterance out");
        Refusal.Of(() => batch.Fused(options: new() { FastEmit = -1 }), "FastEmit");
        using var network = new TransducerJoint(new Projection(12, 6), JointKind.Concat);
        Refusal.Of(() => (batch with { Joint = network }).Fused(), "cannot be fused");
        Refusal.Of(() => new FusedTransducerLoss(network, new Projection(6, 5)), "cannot be fused");
    }

    private static void AssertFused(FusedBatch batch, LossReduction reduction, bool normalizeByFrames = false)
    {
        var fused = batch.Evaluate(b => b.Fused(reduction, normalizeByFrames));
        var expected = batch.Evaluate(b => b.Unfused(reduction, normalizeByFrames));
        AssertClose(fused.Loss, expected.Loss, 1e-12, 1e-13);
        AssertClose(fused.Gradients, expected.Gradients, 1e-9, 1e-11);
    }

    // The least budget, as the refusal of a smaller one tells it.
    private static long Least(Action refused)
    {
        var refusal = Assert.Catch<ArgumentOutOfRangeException>(() => refused())!;
        return long.Parse(refusal.Message.Split("at least ")[1].Split(' ')[0]);
    }
}
