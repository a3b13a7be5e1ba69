using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static SpeechBrain.Sharp.Tests.Testing.Numbers;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Transducer;

[TestFixture(TransducerLossEngine.Cpu)]
[TestFixture(TransducerLossEngine.Tensor)]
public sealed class TransducerLossTests(TransducerLossEngine engine)
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
        if (engine == TransducerLossEngine.Cpu && type != DeviceType.CPU)
            Assert.Ignore("the engine Cpu serves the CPU alone");
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
        using var loss = Loss(
            batch.Logits, batch.Targets, batch.Frames, batch.Labels, reduction: LossReduction.None,
            options: new() { LatticeType = ScalarType.Float32 });
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
        using var loss = Loss(logits, targets, [frames], [labels]);
        double logPaths = Enumerable.Range(1, labels).Sum(i => Math.Log(frames - 1 + i) - Math.Log(i));
        Assert.That(loss.item<double>(), Is.EqualTo((frames + labels) * Math.Log(outputs) - logPaths).Within(1e-10));
    }

    [Test]
    public void WithoutLabelsItIsTheSumOfTheBlanks()
    {
        using var batch = TransducerBatch.Draw([6], [0], 4);
        using var loss = Loss(batch.Logits, batch.Targets, batch.Frames, batch.Labels);
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
        double[] exact = batch.NaiveGradient();
        AssertClose(losses, batch.NaiveLosses(), 1e-12, 0);
        AssertClose(gradient, exact, 1e-9, 1e-10);
        var (single, singleGradient) = Evaluate(batch, CPU, ScalarType.Float32);
        AssertClose(single, losses, 1e-6, 0);
        // Logits rounded to float32 move the posteriors of a path of 3000 steps by as much.
        AssertClose(singleGradient, exact, 1e-4 * scale, 1e-5 * scale);
    }

    /// <summary>A model that is sure: each probability is 1 - 1e-5 or so, and its distance to 1 is all that the loss consists of.</summary>
    [TestCase(ScalarType.Float32)]
    [TestCase(ScalarType.Float64)]
    public void TheLossOfASureModelKeepsItsDigits(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        const int frames = 12, labels = 4, outputs = 20;
        var batch = TransducerBatch.Draw([frames], [labels], outputs, seed: 13);
        // The path: a label at each of the first frames' begin, then blanks.
        for (int step = 0, t = 0, u = 0; step < frames + labels; step++)
        {
            int output = u < labels && step % 2 == 0 ? (int)batch.Targets[0, u].item<long>() : 0;
            batch.Logits[0, t, u, output] = batch.Logits[0, t, u, output] + 18;
            (t, u) = output == 0 ? (t + 1, u) : (t, u + 1);
        }
        using var rounded = batch with { Logits = batch.Logits.to(dtype).to(ScalarType.Float64) };
        var (losses, _) = Evaluate(batch, CPU, dtype);
        Assert.That(losses[0], Is.LessThan(1e-4));
        // The tensor operations round 1 + 1e-6 in float64: ten digits of 1e-6 are left.
        double tolerance = dtype == ScalarType.Float32 ? 1e-6 : engine == TransducerLossEngine.Cpu ? 1e-13 : 1e-9;
        AssertClose(losses, rounded.NaiveLosses(), tolerance, 0);
    }

    [Test]
    public void GradientsAreThoseOfTheValueReturned([ValueSource(nameof(Reductions))] LossReduction reduction, [Values] bool normalizeByFrames)
    {
        using var batch = TransducerBatch.Draw([4, 2, 3], [2, 3, 0], 4, seed: 5);
        GradCheck.Check(
            x => Loss(x[0], batch.Targets, batch.Frames, batch.Labels, 0, reduction, normalizeByFrames), batch.Logits);
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
            using var loss = Loss(batch.Logits, batch.Targets, batch.Frames, batch.Labels, 0, reduction, normalize);
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

    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    [TestCase(double.NegativeInfinity)]
    public void PaddingMayHoldAnything(double filler)
    {
        using var scope = NewDisposeScope();
        var batch = TransducerBatch.Draw([7, 3, 5], [2, 4, 0], 6);
        var padded = batch with { Logits = full_like(batch.Logits, filler) };
        for (int b = 0; b < 3; b++)
            Own(padded.Logits, b).copy_(Own(batch.Logits, b));
        foreach (var dtype in (ScalarType[])[ScalarType.Float64, ScalarType.Float32])
        {
            var (losses, gradient) = Evaluate(batch, CPU, dtype);
            var (paddedLosses, paddedGradient) = Evaluate(padded, CPU, dtype);
            Assert.That(paddedLosses, Is.EqualTo(losses));
            Assert.That(paddedGradient, Is.EqualTo(gradient));
        }

        Tensor Own(Tensor logits, int b) => logits[b].narrow(0, 0, batch.Frames[b]).narrow(1, 0, batch.Labels[b] + 1);
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

    [TestCase(true)]
    [TestCase(false)]
    public void WithoutAPathTheLossIsInfiniteAndOnlyThatUtteranceSuffers(bool blanksAreClosed)
    {
        using var scope = NewDisposeScope();
        var batch = TransducerBatch.Draw([6, 6], [3, 3], 5, seed: 11);
        var (_, clean) = Evaluate(batch, CPU, ScalarType.Float64);
        for (int i = 0; i < (blanksAreClosed ? 4 : 6); i++)
        {
            var node = blanksAreClosed ? batch.Logits[1, 2, i] : batch.Logits[1, i, 1];
            node[blanksAreClosed ? 0 : (int)batch.Targets[1, 1].item<long>()] = tensor(double.NegativeInfinity, dtype: ScalarType.Float64);
        }
        var (losses, gradient) = Evaluate(batch, CPU, ScalarType.Float64);
        Assert.That(losses[1], Is.EqualTo(double.PositiveInfinity));
        Assert.That(gradient.Take(gradient.Length / 2), Is.EqualTo(clean.Take(gradient.Length / 2)));
        Assert.That(gradient.Skip(gradient.Length / 2), Has.All.NaN);
        Refusal.Of(
            () => TransducerLoss.Validate(batch.Logits, batch.Targets, tensor(batch.Frames), tensor(batch.Labels)), "utterance 1 leave no path");
    }

    [Test]
    public void BrokenUtterancesAreLeftOutAndCounted([ValueSource(nameof(Reductions))] LossReduction reduction)
    {
        using var scope = NewDisposeScope();
        var batch = TransducerBatch.Draw([4, 6, 5, 6], [2, 3, 1, 0], 5, seed: 4);
        var good = new TransducerBatch(
            batch.Logits[TensorIndex.Tensor(tensor([0L, 2L]))], batch.Targets[TensorIndex.Tensor(tensor([0L, 2L]))], [4, 5], [2, 1], 0);
        var (expected, expectedGradient) = Evaluate(good, CPU, ScalarType.Float64, reduction);
        batch.Logits[1, 5, 3, 4] = tensor(double.NaN, dtype: ScalarType.Float64);
        batch.Logits[3, 2, 0, 0] = tensor(double.NegativeInfinity, dtype: ScalarType.Float64);

        using var skipped = new SkippedUtterances();
        Assert.That(skipped.Count, Is.Zero);
        var (losses, gradient) = Evaluate(batch, CPU, ScalarType.Float64, reduction, new() { SkipNonFinite = skipped });
        Assert.That(skipped.Count, Is.EqualTo(2));
        double[] all = reduction == LossReduction.None ? [expected[0], 0, expected[1], 0] : expected;
        AssertClose(losses, all, 1e-14, 0);
        int one = gradient.Length / 4;
        AssertClose(gradient[..one], expectedGradient[..one], 1e-14, 0);
        AssertClose(gradient[(2 * one)..(3 * one)], expectedGradient[one..], 1e-14, 0);
        Assert.That(gradient[one..(2 * one)].Concat(gradient[(3 * one)..]), Has.All.Zero);

        Evaluate(batch, CPU, ScalarType.Float32, reduction, new() { SkipNonFinite = skipped });
        Assert.That(skipped.Count, Is.EqualTo(4));
        skipped.Reset();
        Assert.That(skipped.Count, Is.Zero);
    }

    [Test]
    public void ABatchOfBrokenUtterancesAloneHasLossAndGradientZero()
    {
        using var scope = NewDisposeScope();
        using var skipped = new SkippedUtterances();
        var batch = TransducerBatch.Draw([4, 4], [2, 2], 5);
        var broken = batch with { Logits = full_like(batch.Logits, double.NaN) };
        var (loss, gradient) = Evaluate(broken, CPU, ScalarType.Float64, LossReduction.Mean, new() { SkipNonFinite = skipped });
        Assert.That(loss, Is.EqualTo(new[] { 0.0 }));
        Assert.That(gradient, Has.All.Zero);
        Assert.That(skipped.Count, Is.EqualTo(2));
    }

    [Test]
    public void ValidateNamesTheUtterancesThatAreNotFinite()
    {
        using var scope = NewDisposeScope();
        var batch = TransducerBatch.Draw([6, 5, 4], [3, 2, 1], 5);
        var (frames, labels) = (tensor(batch.Frames), tensor(batch.Labels));
        batch.Logits[1, 5, 0, 0] = tensor(double.NaN, dtype: ScalarType.Float64); // padding
        TransducerLoss.Validate(batch.Logits, batch.Targets, frames, labels);
        batch.Logits[1, 3, 2, 4] = tensor(double.PositiveInfinity, dtype: ScalarType.Float64);
        batch.Logits[2, 0, 0, 1] = tensor(double.NaN, dtype: ScalarType.Float64);
        Refusal.Of(
            () => TransducerLoss.Validate(batch.Logits, batch.Targets, frames, labels),
            "utterances 1, 2 hold NaN or plus infinity, first at frame 3, row 2");
    }

    /// <summary>J. Yu et al., 2021: what comes by way of the label arcs counts 1 + lambda; the value stays.</summary>
    [TestCase(ScalarType.Float64, 1e-10)]
    [TestCase(ScalarType.Float32, 1e-5)]
    public void FastEmitScalesTheGradientOfTheLabelArcs(ScalarType dtype, double tolerance)
    {
        using var batch = TransducerBatch.Draw([7, 1, 4], [3, 2, 0], 6, blank: 2);
        var (losses, gradient) = Evaluate(batch, CPU, dtype, options: new() { FastEmit = 0.3 });
        AssertClose(losses, batch.NaiveLosses(), tolerance, 0);
        AssertClose(gradient, batch.NaiveGradient(fastEmit: 0.3), tolerance, tolerance);
    }

    /// <summary>The limit holds for the gradient of each utterance's own loss, before it is divided by the batch.</summary>
    [TestCase(ScalarType.Float64, 1e-10)]
    [TestCase(ScalarType.Float32, 1e-5)]
    public void TheGradientIsClampedBeforeItIsReduced(ScalarType dtype, double tolerance)
    {
        using var batch = TransducerBatch.Draw([7, 1, 4], [3, 2, 0], 6);
        double[] clamped = [.. batch.NaiveGradient().Select(g => Math.Clamp(g, -0.1, 0.1) / 3)];
        Assert.That(clamped.Count(g => Math.Abs(g) == 0.1 / 3), Is.GreaterThan(10));
        Assert.That(clamped.Count(g => g == 0.1 / 3), Is.GreaterThan(0));
        var (_, gradient) = Evaluate(batch, CPU, dtype, LossReduction.Mean, new() { GradientClamp = 0.1 });
        AssertClose(gradient, clamped, tolerance, tolerance);
    }

    [Test]
    public void TheNumberOfThreadsChangesNothing()
    {
        using var batch = TransducerBatch.Draw([60, 31, 50], [20, 7, 12], 150);
        int threads = get_num_threads();
        try
        {
            set_num_threads(1);
            var alone = Evaluate(batch, CPU, ScalarType.Float32);
            set_num_threads(3);
            var together = Evaluate(batch, CPU, ScalarType.Float32);
            AssertClose(together.Losses, alone.Losses, 1e-12, 0);
            AssertClose(together.Gradient, alone.Gradient, 1e-6, 1e-9);
            if (engine == TransducerLossEngine.Cpu)
                Assert.That(together.Gradient, Is.EqualTo(alone.Gradient));
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    [Test]
    public void CallersAtTheSameTimeGetWhatOneGets()
    {
        using var batch = TransducerBatch.Draw([60, 31, 50], [20, 7, 12], 150);
        var expected = Evaluate(batch, CPU, ScalarType.Float64);
        int threads = get_num_threads();
        int wrong = 0;
        var callers = Enumerable.Range(0, 3).Select(_ => new Thread(() =>
        {
            set_num_threads(2);
            for (int repeat = 0; repeat < 5; repeat++)
            {
                var found = Evaluate(batch, CPU, ScalarType.Float64);
                if (!found.Losses.SequenceEqual(expected.Losses) || !found.Gradient.SequenceEqual(expected.Gradient))
                    Interlocked.Increment(ref wrong);
            }
        })).ToList();
        try
        {
            callers.ForEach(caller => caller.Start());
            callers.ForEach(caller => caller.Join());
        }
        finally
        {
            set_num_threads(threads);
        }
        Assert.That(wrong, Is.Zero);
    }

    [TestCase(ScalarType.BFloat16)]
    [TestCase(ScalarType.Float16)]
    public void HalfPrecisionIsComputedWithInFloat32(ScalarType dtype)
    {
        using var drawn = TransducerBatch.Draw([20, 14], [6, 8], 30);
        using var rounded = drawn with { Logits = drawn.Logits.to(dtype).to(ScalarType.Float64) };
        using var leaf = drawn.Logits.to(dtype).requires_grad_();
        using var loss = Loss(leaf, drawn.Targets, drawn.Frames, drawn.Labels, reduction: LossReduction.None);
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
        using var host = Loss(batch.Logits, batch.Targets, batch.Frames, batch.Labels, reduction: LossReduction.None);
        using var absolute = Loss(batch.Logits, narrow, absoluteFrames, absoluteLabels, reduction: LossReduction.None);
        using var relative = Loss(batch.Logits, batch.Targets, relativeFrames, relativeLabels, reduction: LossReduction.None);
        Assert.That(Values(absolute), Is.EqualTo(Values(host)));
        Assert.That(Values(relative), Is.EqualTo(Values(host)));
    }

    [Test]
    public void LogitsNeedNotBeContiguous()
    {
        using var batch = TransducerBatch.Draw([6, 5], [3, 2], 5);
        var expected = Evaluate(batch, CPU, ScalarType.Float64);
        foreach (var (a, b) in ((int, int)[])[(1, 2), (0, 3), (2, 3)])
        {
            using var leaf = batch.Logits.transpose(a, b).contiguous().transpose(a, b).detach().requires_grad_();
            using var losses = Loss(leaf, batch.Targets, batch.Frames, batch.Labels, reduction: LossReduction.None);
            using var sum = losses.sum();
            sum.backward();
            Assert.That(leaf.is_contiguous(), Is.False);
            Assert.That(Values(losses), Is.EqualTo(expected.Losses));
            Assert.That(Values(leaf.grad!), Is.EqualTo(expected.Gradient));
        }
    }

    [Test]
    public void ModuleAndFunctionAgreeWithAndWithoutGraph()
    {
        using var scope = NewDisposeScope();
        var batch = TransducerBatch.Draw([6, 5], [3, 2], 5, blank: 2);
        using var module = new TransducerLoss(blankIndex: 2, LossReduction.Sum, normalizeByFrames: true, new() { Engine = engine });
        var leaf = batch.Logits.clone().requires_grad_();
        var withGraph = module.call(leaf, batch.Targets, tensor(batch.Frames), tensor(batch.Labels))!;
        var without = Loss(batch.Logits, batch.Targets, batch.Frames, batch.Labels, 2, LossReduction.Sum, true);
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
        var loss = Loss(logits, batch.Targets, batch.Frames, batch.Labels);
        using (no_grad())
            logits.add_(1);
        loss.backward();
        Assert.That(Values(leaf.grad!), Has.All.NaN);
    }

    [Test]
    public void NothingLeaks()
    {
        using var batch = TransducerBatch.Draw([6, 5], [3, 2], 5);
        LeakCheck.IsClean(() => Loss(batch.Logits, batch.Targets, batch.Frames, batch.Labels));
        LeakCheck.IsClean(() =>
        {
            using var scope = NewDisposeScope();
            var leaf = batch.Logits.clone().requires_grad_();
            Loss(leaf, batch.Targets, batch.Frames, batch.Labels).backward();
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
            () => Loss(batch.Logits, batch.Targets, batch.Frames, batch.Labels, reduction: LossReduction.BatchMean), "Mean");
        Refusal.Of(
            () => Loss(batch.Logits, batch.Targets, batch.Frames, batch.Labels, options: new() { LatticeType = ScalarType.BFloat16 }),
            "Float64 or Float32");
        Refusal.Of(() => Functional.TransducerLoss(
            batch.Logits.to(META), batch.Targets.to(META), batch.Frames, batch.Labels, options: new() { Engine = TransducerLossEngine.Cpu }),
            "which the engine Cpu does not serve");
        Refusal.Of(() => Call(batch, new() { FastEmit = -0.1 }), "FastEmit");
        Refusal.Of(() => Call(batch, new() { FastEmit = double.NaN }), "FastEmit");
        Refusal.Of(() => Call(batch, new() { GradientClamp = 0 }), "GradientClamp");
        Refusal.Of(
            () => Functional.TransducerLoss(
                batch.Logits, batch.Targets, batch.Frames, batch.Labels, options: new() { Engine = (TransducerLossEngine)7 }), "Auto, Tensor, Cpu");
        Refusal.Of(() => new TransducerLoss(blankIndex: -1), "at least 0");
        Refusal.Of(() => new TransducerLoss(options: new() { GradientClamp = double.NaN }), "GradientClamp");
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

        Tensor Relative(Tensor inputLens) => Loss(batch.Logits, batch.Targets, inputLens, tensor(batch.Labels));
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

    private Tensor Loss(
        Tensor logits, Tensor targets, long[] frames, long[] labels, long blank = 0, LossReduction reduction = LossReduction.Mean,
        bool normalizeByFrames = false, TransducerLossOptions? options = null) =>
        Functional.TransducerLoss(logits, targets, frames, labels, blank, reduction, normalizeByFrames, (options ?? new()) with { Engine = engine });

    private Tensor Loss(
        Tensor logits, Tensor targets, Tensor frames, Tensor labels, long blank = 0, LossReduction reduction = LossReduction.Mean,
        bool normalizeByFrames = false, TransducerLossOptions? options = null) =>
        Functional.TransducerLoss(logits, targets, frames, labels, blank, reduction, normalizeByFrames, (options ?? new()) with { Engine = engine });

    private Tensor Call(TransducerBatch batch, TransducerLossOptions? options = null) =>
        Loss(batch.Logits, batch.Targets, batch.Frames, batch.Labels, batch.Blank, options: options);

    private (double[] Losses, double[] Gradient) Evaluate(
        TransducerBatch batch, Device device, ScalarType dtype, LossReduction reduction = LossReduction.None, TransducerLossOptions? options = null)
    {
        using var scope = NewDisposeScope();
        var leaf = batch.Logits.to(dtype, device, copy: true).requires_grad_();
        var losses = Loss(leaf, batch.Targets.to(device), batch.Frames, batch.Labels, batch.Blank, reduction, options: options);
        losses.sum().backward();
        return (Values(losses), Values(leaf.grad!));
    }
}
