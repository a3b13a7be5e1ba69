using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static SpeechBrain.Sharp.Tests.Testing.Numbers;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Transducer;

[TestFixture]
public sealed class TransducerLossTests
{
    private static readonly LossReduction[] Reductions = [LossReduction.None, LossReduction.Sum, LossReduction.Mean];

    private static IEnumerable<TestCaseData> Shapes()
    {
        yield return Shape("square", [6, 6], [3, 3], 5);
        yield return Shape("one frame", [1, 1], [4, 2], 5);
        yield return Shape("no labels", [6, 2], [0, 0], 4);
        yield return Shape("one node", [1], [0], 3);
        yield return Shape("one output besides blank", [4], [3], 2);
        yield return Shape("ragged", [7, 1, 4, 5], [0, 5, 3, 1], 6);
        yield return Shape("more labels than frames", [3, 2], [9, 7], 4);
        yield return Shape("blank last", [5, 4], [2, 3], 7, 6);
        yield return Shape("blank inside", [5, 4], [2, 3], 7, 3);
        yield return Shape("many slices", [40, 31], [10, 7], 500);
        yield return Shape("confident", [12, 9], [5, 5], 8, 0, 20);

        static TestCaseData Shape(string name, long[] frames, long[] labels, int outputs, int blank = 0, double scale = 1) =>
            new TestCaseData(frames, labels, outputs, blank, scale).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Shapes))]
    public void LossesAndGradientEqualTheNaiveOnes(long[] frames, long[] labels, int outputs, int blank, double scale)
    {
        using var batch = TransducerBatch.Draw(frames, labels, outputs, blank, scale);
        var (losses, gradient) = Evaluate(batch, CPU, ScalarType.Float64);
        AssertClose(losses, batch.NaiveLosses(), 1e-12, 1e-12);
        AssertClose(gradient, batch.NaiveGradient(), 1e-10, 1e-12);
    }

    [TestCaseSource(typeof(Devices), nameof(Devices.AllFloats))]
    public void EveryDeviceAndDtypeAgreesWithTheNaiveLoss(DeviceType type, ScalarType dtype)
    {
        var device = Devices.Require(type);
        using var batch = TransducerBatch.Draw([30, 21, 8], [9, 12, 2], 40, seed: 7);
        var (losses, gradient) = Evaluate(batch, device, dtype);
        double tolerance = dtype == ScalarType.Float64 ? 1e-10 : 1e-5;
        AssertClose(losses, batch.NaiveLosses(), tolerance, 0);
        AssertClose(gradient, batch.NaiveGradient(), tolerance, tolerance);
    }

    [Test]
    public void AFloat32LatticeIsCloseOnShortUtterances()
    {
        using var batch = TransducerBatch.Draw([30, 21, 8], [9, 12, 2], 40, seed: 7);
        using var loss = Functional.TransducerLoss(
            batch.Logits, batch.Targets, batch.Frames, batch.Labels, reduction: LossReduction.None, latticeType: ScalarType.Float32);
        AssertClose(Values(loss), batch.NaiveLosses(), 1e-6, 0);
    }

    /// <summary>All paths have T blanks and U labels, each of probability 1/V, and the last arc is a blank: C(T - 1 + U, U) paths.</summary>
    [TestCase(5, 3, 4)]
    [TestCase(1, 6, 3)]
    [TestCase(200, 50, 30)]
    public void UniformLogitsHaveABinomialNumberOfEqualPaths(int frames, int labels, int outputs)
    {
        using var logits = zeros(1, frames, labels + 1, outputs, dtype: ScalarType.Float64);
        using var targets = ones(1, labels, dtype: ScalarType.Int64);
        using var loss = Functional.TransducerLoss(logits, targets, [frames], [labels]);
        double logPaths = Enumerable.Range(1, labels).Sum(i => Math.Log(frames - 1 + i) - Math.Log(i));
        Assert.That(loss.item<double>(), Is.EqualTo((frames + labels) * Math.Log(outputs) - logPaths).Within(1e-10));
    }

    [Test]
    public void WithoutLabelsItIsTheSumOfTheBlanks()
    {
        using var batch = TransducerBatch.Draw([6], [0], 4);
        using var loss = Functional.TransducerLoss(batch.Logits, batch.Targets, batch.Frames, batch.Labels);
        using var blanks = batch.Logits.log_softmax(-1).select(-1, 0).sum();
        Assert.That(loss.item<double>(), Is.EqualTo(-blanks.item<double>()).Within(1e-13));
    }

    /// <summary>1500 and 3000 frames: sums of blanks reach 1e5 here, and float64 must still leave ten digits of each posterior.</summary>
    [TestCase(1500, 12, 1.0)]
    [TestCase(1500, 12, 20.0)]
    [TestCase(3000, 300, 1.0)]
    public void LongUtterancesLoseNoAccuracy(int frames, int labels, double scale)
    {
        using var batch = TransducerBatch.Draw([frames, frames / 2], [labels, labels], 4, scale: scale, seed: 3);
        var (losses, gradient) = Evaluate(batch, CPU, ScalarType.Float64);
        AssertClose(losses, batch.NaiveLosses(), 1e-12, 0);
        AssertClose(gradient, batch.NaiveGradient(), 1e-9, 1e-10);
    }

    [Test]
    public void GradientsAreThoseOfTheValueReturned([ValueSource(nameof(Reductions))] LossReduction reduction, [Values] bool normalizeByFrames)
    {
        using var batch = TransducerBatch.Draw([4, 2, 3], [2, 3, 0], 4, seed: 5);
        GradCheck.Check(
            x => Functional.TransducerLoss(x[0], batch.Targets, batch.Frames, batch.Labels, 0, reduction, normalizeByFrames), batch.Logits);
    }

    [Test]
    public void ReductionsAreSumAndMeanOverTheBatch()
    {
        using var batch = TransducerBatch.Draw([4, 2, 3], [2, 3, 0], 4);
        double[] each = Losses(LossReduction.None, false), perFrame = Losses(LossReduction.None, true);
        Assert.That(Losses(LossReduction.Sum, false)[0], Is.EqualTo(each.Sum()).Within(1e-12));
        Assert.That(Losses(LossReduction.Mean, false)[0], Is.EqualTo(each.Sum() / 3).Within(1e-12));
        AssertClose(perFrame, [each[0] / 4, each[1] / 2, each[2] / 3], 1e-14, 0);
        Assert.That(Losses(LossReduction.Mean, true)[0], Is.EqualTo(perFrame.Sum() / 3).Within(1e-12));

        double[] Losses(LossReduction reduction, bool normalize)
        {
            using var loss = Functional.TransducerLoss(batch.Logits, batch.Targets, batch.Frames, batch.Labels, 0, reduction, normalize);
            return Values(loss);
        }
    }

    /// <summary>A shift of all logits of a node changes nothing, so the gradient of each node sums to 0.</summary>
    [Test]
    public void TheGradientOfEachNodeSumsToZero()
    {
        using var batch = TransducerBatch.Draw([9, 6], [4, 2], 11);
        var (_, gradient) = Evaluate(batch, CPU, ScalarType.Float64);
        foreach (double[] node in gradient.Chunk(11))
            Assert.That(node.Sum(), Is.EqualTo(0).Within(1e-14));
    }

    [Test]
    public void PaddingChangesNothingAndGetsNoGradient()
    {
        using var batch = TransducerBatch.Draw([7, 3, 5], [2, 4, 0], 6);
        using var frame = arange(7).reshape(1, 7, 1);
        using var row = arange(5).reshape(1, 1, 5);
        using var padding = frame.ge(tensor(batch.Frames).reshape(3, 1, 1)).logical_or(row.gt(tensor(batch.Labels).reshape(3, 1, 1))).unsqueeze(-1);
        using var noise = TransducerBatch.Draw([7, 3, 5], [2, 4, 0], 6, scale: 1e6, seed: 99);
        using var padded = batch with { Logits = where(padding, noise.Logits, batch.Logits) };

        var (losses, gradient) = Evaluate(batch, CPU, ScalarType.Float64);
        var (paddedLosses, paddedGradient) = Evaluate(padded, CPU, ScalarType.Float64);
        Assert.That(paddedLosses, Is.EqualTo(losses));
        Assert.That(paddedGradient, Is.EqualTo(gradient));
        using var inPadding = tensor(gradient).reshape(batch.Logits.shape).masked_fill(padding.logical_not(), 0);
        Assert.That(inPadding.count_nonzero().item<long>(), Is.Zero);
    }

    [Test]
    public void NaNInOneUtteranceStaysInIt()
    {
        using var batch = TransducerBatch.Draw([7, 3], [2, 4], 6);
        double[] clean = batch.NaiveLosses();
        batch.Logits[1, 1, 2, 3] = tensor(double.NaN, dtype: ScalarType.Float64);
        var (losses, gradient) = Evaluate(batch, CPU, ScalarType.Float64);
        Assert.That(losses[0], Is.EqualTo(clean[0]).Within(1e-12));
        Assert.That(losses[1], Is.NaN);
        Assert.That(gradient.Take(gradient.Length / 2), Has.None.NaN);
        Assert.That(gradient, Has.Some.NaN);
    }

    /// <summary>Forbidden outputs are often written as minus infinity. Paths around them must be summed as if they alone existed.</summary>
    [Test]
    public void MinusInfinityClosesAnArc()
    {
        using var batch = TransducerBatch.Draw([6, 6], [3, 3], 5, seed: 11);
        using var forbidden = tensor(double.NegativeInfinity, dtype: ScalarType.Float64);
        foreach (var (t, u, k) in ((int, int, int)[])[(2, 1, 0), (3, 1, 0), (1, 2, 4), (4, 0, 0)])
            batch.Logits[0, t, u, k] = forbidden;
        for (int t = 0; t < 5; t++)
            batch.Logits[1, t, 2, (int)batch.Targets[1, 2].item<long>()] = forbidden;
        var (losses, gradient) = Evaluate(batch, CPU, ScalarType.Float64);
        AssertClose(losses, batch.NaiveLosses(), 1e-12, 0);
        AssertClose(gradient, batch.NaiveGradient(), 1e-8, 1e-10);
    }

    [TestCase(ScalarType.BFloat16)]
    [TestCase(ScalarType.Float16)]
    public void HalfPrecisionIsComputedWithInFloat32(ScalarType dtype)
    {
        using var drawn = TransducerBatch.Draw([20, 14], [6, 8], 30);
        using var rounded = drawn with { Logits = drawn.Logits.to(dtype).to(ScalarType.Float64) };
        using var leaf = drawn.Logits.to(dtype).requires_grad_();
        using var loss = Functional.TransducerLoss(leaf, drawn.Targets, drawn.Frames, drawn.Labels, reduction: LossReduction.None);
        Assert.That(loss.dtype, Is.EqualTo(ScalarType.Float32));
        AssertClose(Values(loss), rounded.NaiveLosses(), 1e-6, 0);
        using var total = loss.sum();
        total.backward();
        Assert.That(leaf.grad!.dtype, Is.EqualTo(dtype));
        AssertClose(Values(leaf.grad!), rounded.NaiveGradient(), 1e-2, 1e-6);
    }

    [Test]
    public void RelativeAbsoluteAndHostLengthsAgree()
    {
        using var batch = TransducerBatch.Draw([10, 4, 2], [4, 2, 0], 6);
        using var relativeFrames = tensor(new[] { 1f, 0.4f, 0.25f }); // 2.5 rounds to 2
        using var relativeLabels = tensor(new[] { 1f, 0.625f, 0.1f });
        using var narrow = batch.Targets.to(ScalarType.Int32);
        using var absoluteFrames = tensor(batch.Frames, dtype: ScalarType.Int32);
        using var absoluteLabels = tensor(batch.Labels);
        using var host = Functional.TransducerLoss(batch.Logits, batch.Targets, batch.Frames, batch.Labels, reduction: LossReduction.None);
        using var absolute = Functional.TransducerLoss(batch.Logits, narrow, absoluteFrames, absoluteLabels, reduction: LossReduction.None);
        using var relative = Functional.TransducerLoss(batch.Logits, batch.Targets, relativeFrames, relativeLabels, reduction: LossReduction.None);
        Assert.That(Values(absolute), Is.EqualTo(Values(host)));
        Assert.That(Values(relative), Is.EqualTo(Values(host)));
    }

    [Test]
    public void LogitsNeedNotBeContiguous()
    {
        using var batch = TransducerBatch.Draw([6, 5], [3, 2], 5);
        using var turned = batch with { Logits = batch.Logits.transpose(1, 2).contiguous().transpose(1, 2) };
        var expected = Evaluate(batch, CPU, ScalarType.Float64);
        var actual = Evaluate(turned, CPU, ScalarType.Float64);
        Assert.That(actual.Losses, Is.EqualTo(expected.Losses));
        Assert.That(actual.Gradient, Is.EqualTo(expected.Gradient));
    }

    [Test]
    public void ModuleAndFunctionAgreeWithAndWithoutGraph()
    {
        using var scope = NewDisposeScope();
        var batch = TransducerBatch.Draw([6, 5], [3, 2], 5, blank: 2);
        using var module = new TransducerLoss(blankIndex: 2, LossReduction.Sum, normalizeByFrames: true);
        var leaf = batch.Logits.clone().requires_grad_();
        var withGraph = module.call(leaf, batch.Targets, tensor(batch.Frames), tensor(batch.Labels))!;
        var without = Functional.TransducerLoss(batch.Logits, batch.Targets, batch.Frames, batch.Labels, 2, LossReduction.Sum, true);
        Assert.That(withGraph.requires_grad, Is.True);
        Assert.That(without.requires_grad, Is.False);
        Assert.That(withGraph.item<double>(), Is.EqualTo(without.item<double>()));
        Assert.That(module.parameters(), Is.Empty);
    }

    [Test]
    public void TwoRunsAreEqualToTheLastBit()
    {
        using var batch = TransducerBatch.Draw([40, 31], [10, 7], 50);
        var first = Evaluate(batch, CPU, ScalarType.Float32);
        var second = Evaluate(batch, CPU, ScalarType.Float32);
        Assert.That(second.Losses, Is.EqualTo(first.Losses));
        Assert.That(second.Gradient, Is.EqualTo(first.Gradient));
    }

    /// <summary>The graph checks that saved tensors are unchanged; the error must not leave a managed backward (it would end the process).</summary>
    [Test]
    public void LogitsChangedBeforeBackwardGiveANaNGradient()
    {
        using var scope = NewDisposeScope();
        var batch = TransducerBatch.Draw([6, 5], [3, 2], 5);
        var leaf = batch.Logits.requires_grad_();
        var logits = leaf * 1;
        var loss = Functional.TransducerLoss(logits, batch.Targets, batch.Frames, batch.Labels);
        using (no_grad())
            logits.add_(1);
        loss.backward();
        Assert.That(Values(leaf.grad!), Has.All.NaN);
    }

    [Test]
    public void NothingLeaks()
    {
        using var batch = TransducerBatch.Draw([6, 5], [3, 2], 5);
        LeakCheck.IsClean(() => Functional.TransducerLoss(batch.Logits, batch.Targets, batch.Frames, batch.Labels));
        LeakCheck.IsClean(() =>
        {
            using var scope = NewDisposeScope();
            var leaf = batch.Logits.clone().requires_grad_();
            Functional.TransducerLoss(leaf, batch.Targets, batch.Frames, batch.Labels).backward();
            leaf.grad!.Dispose();
        });
    }

    [Test]
    public void WrongKindsAreNamed()
    {
        using var scope = NewDisposeScope();
        var batch = TransducerBatch.Draw([6, 5], [3, 2], 5);
        Refusal.Of(() => Call(batch with { Logits = batch.Logits[0] }), "[batch, T, U + 1, V]");
        Refusal.Of(() => Call(batch with { Logits = batch.Logits.to(ScalarType.Int64) }), "float32");
        Refusal.Of(() => Call(batch with { Logits = batch.Logits.narrow(1, 0, 0) }), "may be 0");
        Refusal.Of(() => Call(batch with { Targets = batch.Targets[0] }), "[batch, U]");
        Refusal.Of(() => Call(batch with { Targets = batch.Targets.to(ScalarType.Float32) }), "int64");
        Refusal.Of(() => Call(batch with { Targets = batch.Targets.narrow(1, 0, 2) }), "dimension 1 must be 3");
        Refusal.Of(() => Call(batch with { Targets = batch.Targets.narrow(0, 0, 1) }), "dimension 0 must be 2");
        Refusal.Of(() => Call(batch with { Blank = 5 }), "[0, 4]");
        Refusal.Of(() => Call(batch with { Blank = -1 }), "[0, 4]");
        Refusal.Of(
            () => Functional.TransducerLoss(batch.Logits, batch.Targets, batch.Frames, batch.Labels, reduction: LossReduction.BatchMean), "Mean");
        Refusal.Of(
            () => Functional.TransducerLoss(batch.Logits, batch.Targets, batch.Frames, batch.Labels, latticeType: ScalarType.BFloat16),
            "Float64 or Float32");
        Refusal.Of(() => new TransducerLoss(blankIndex: -1), "at least 0");
    }

    [Test]
    public void WrongLengthsAreNamed()
    {
        using var scope = NewDisposeScope();
        var batch = TransducerBatch.Draw([6, 5], [3, 2], 5);
        Refusal.Of(() => Call(batch with { Frames = [6] }), "2 utterances");
        Refusal.Of(() => Call(batch with { Frames = [6, 7] }), "inputLens[1] must lie in [1, 6]");
        Refusal.Of(() => Call(batch with { Frames = [0, 6] }), "inputLens[0] must lie in [1, 6]");
        Refusal.Of(() => Call(batch with { Labels = [3, 4] }), "targetLens[1] must lie in [0, 3]");
        Refusal.Of(() => Call(batch with { Labels = [-1, 3] }), "targetLens[0] must lie in [0, 3]");
        Refusal.Of(() => Relative(tensor(new[] { 1f, 0.05f })), "rounds to 0");
        Refusal.Of(() => Relative(tensor(new[] { 1f, 1.1f })), "[0, 1]");
        Refusal.Of(() => Relative(tensor(new[] { 1f, float.NaN })), "[0, 1]");
        Refusal.Of(() => Relative(tensor(new[] { true, true })), "as integers");
        Refusal.Of(() => Relative(tensor(new[] { 1f })), "one length for each utterance");

        Tensor Relative(Tensor inputLens) => Functional.TransducerLoss(batch.Logits, batch.Targets, inputLens, tensor(batch.Labels));
    }

    [Test]
    public void WrongLabelsAreNamedAndPaddingMayHoldAnything()
    {
        using var scope = NewDisposeScope();
        var batch = TransducerBatch.Draw([6, 5], [3, 2], 5);
        var expected = Call(batch);
        foreach (long value in (long[])[0, 5, -1, -100])
        {
            var inside = batch.Targets.clone();
            inside[1, 1] = tensor(value);
            Refusal.Of(
                () => Call(batch with { Targets = inside }), value == 0 ? "targets[1, 1] is 0, which is blank" : "targets[1, 1] must lie in [0, 4]");
            Refusal.Of(() => TransducerLoss.Validate(batch.Logits, inside, tensor(batch.Frames), tensor(batch.Labels)), "targets[1, 1]");
            var behind = batch.Targets.clone();
            behind[1, 2] = tensor(value);
            Assert.That(Call(batch with { Targets = behind }).item<double>(), Is.EqualTo(expected.item<double>()));
        }
    }

    private static Tensor Call(TransducerBatch batch) =>
        Functional.TransducerLoss(batch.Logits, batch.Targets, batch.Frames, batch.Labels, batch.Blank);

    private static (double[] Losses, double[] Gradient) Evaluate(TransducerBatch batch, Device device, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var leaf = batch.Logits.to(dtype, device, copy: true).requires_grad_();
        var losses = Functional.TransducerLoss(leaf, batch.Targets.to(device), batch.Frames, batch.Labels, batch.Blank, LossReduction.None);
        losses.sum().backward();
        return (Values(losses), Values(leaf.grad!));
    }
}
