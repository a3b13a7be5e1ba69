using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static SpeechBrain.Sharp.Tests.Testing.Numbers;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Transducer;

/// <summary>Values and gradients against naive sums over paths and closed forms.</summary>
[TestFixture(TransducerLossEngine.Cpu)]
[TestFixture(TransducerLossEngine.Tensor)]
public sealed class TransducerLossTests(TransducerLossEngine engine) : TransducerLossFixture(engine)
{
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
        if (Engine == TransducerLossEngine.Cpu && type != DeviceType.CPU)
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
        double tolerance = dtype == ScalarType.Float32 ? 1e-6 : Engine == TransducerLossEngine.Cpu ? 1e-13 : 1e-9;
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
}
