using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static SpeechBrain.Sharp.Tests.Testing.Numbers;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Transducer;

/// <summary>What lies in padding, and NaN and infinity within an utterance.</summary>
[TestFixture(TransducerLossEngine.Cpu)]
[TestFixture(TransducerLossEngine.Tensor)]
public sealed class TransducerLossNonFiniteTests(TransducerLossEngine engine) : TransducerLossFixture(engine)
{
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
}
