using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static SpeechBrain.Sharp.Tests.Testing.Numbers;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Transducer;

/// <summary>Options, precisions, threads, and the ways to call the loss.</summary>
[TestFixture(TransducerLossEngine.Cpu)]
[TestFixture(TransducerLossEngine.Tensor)]
public sealed class TransducerLossCallTests(TransducerLossEngine engine) : TransducerLossFixture(engine)
{
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
            if (Engine == TransducerLossEngine.Cpu)
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
        using var module = new TransducerLoss(blankIndex: 2, LossReduction.Sum, normalizeByFrames: true, new() { Engine = Engine });
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
}
