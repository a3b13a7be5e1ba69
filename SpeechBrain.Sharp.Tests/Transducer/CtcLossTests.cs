using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static SpeechBrain.Sharp.Tests.Testing.Numbers;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Transducer;

[TestFixture]
public sealed class CtcLossTests
{
    /// <summary>One label in T frames of uniform outputs: blanks, then the label's run, then blanks, so T (T + 1) / 2 paths of V^-T.</summary>
    [TestCase(1, 3)]
    [TestCase(4, 5)]
    [TestCase(9, 2)]
    public void OneLabelInUniformFramesHasAClosedForm(int frames, int outputs)
    {
        using var log = zeros(1, frames, outputs, dtype: ScalarType.Float64).log_softmax(-1);
        using var targets = tensor(new long[,] { { 1 } });
        using var loss = Functional.CtcLoss(log, targets, [frames], [1], reduction: LossReduction.Sum);
        Assert.That(loss.item<double>(), Is.EqualTo(frames * Math.Log(outputs) - Math.Log(frames * (frames + 1) / 2.0)).Within(1e-12));
    }

    /// <summary>Every path of outputs is collapsed and, if it spells the labels, summed.</summary>
    [TestCase(new long[] { 1, 2 }, 5)]
    [TestCase(new long[] { 2, 2 }, 4)]
    [TestCase(new long[] { }, 3)]
    public void ItIsTheSumOverAllPathsThatSpellTheLabels(long[] labels, int frames)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4);
        var log = randn([1, frames, 3], dtype: ScalarType.Float64, generator: generator).log_softmax(-1);
        double[] values = Values(log);
        double sum = 0;
        for (int path = 0; path < Math.Pow(3, frames); path++)
        {
            int[] outputs = [.. Enumerable.Range(0, frames).Select(t => path / (int)Math.Pow(3, t) % 3)];
            if (outputs.Where((o, t) => o != 0 && (t == 0 || outputs[t - 1] != o)).Select(o => (long)o).SequenceEqual(labels))
                sum += Math.Exp(outputs.Select((o, t) => values[t * 3 + o]).Sum());
        }
        var targets = tensor(labels).reshape(1, labels.Length);
        var loss = Functional.CtcLoss(log, targets, [frames], [labels.Length], reduction: LossReduction.None);
        AssertClose(Values(loss), [-Math.Log(sum)], 1e-10, 0);
    }

    [Test]
    public void ReductionsAreSpeechBrains()
    {
        using var scope = NewDisposeScope();
        var (log, targets, frames, labels) = Batch();
        double[] each = Values(Functional.CtcLoss(log, targets, frames, labels, reduction: LossReduction.None));
        AssertClose(Loss(LossReduction.Sum), [each.Sum()], 1e-12, 0);
        AssertClose(Loss(LossReduction.BatchMean), [each.Sum() / 2], 1e-12, 0);
        AssertClose(Loss(LossReduction.Batch), [each[0] / 3, each[1] / 2], 1e-12, 0);
        AssertClose(Loss(LossReduction.Mean), [(each[0] / 3 + each[1] / 2) / 2], 1e-12, 0);

        double[] Loss(LossReduction reduction) => Values(Functional.CtcLoss(log, targets, frames, labels, reduction: reduction));
    }

    [Test]
    public void GradientsAreThoseOfTheValue()
    {
        using var scope = NewDisposeScope();
        var (log, targets, frames, labels) = Batch();
        GradCheck.Check(x => Functional.CtcLoss(x[0].log_softmax(-1), targets, frames, labels, reduction: LossReduction.BatchMean), log);
    }

    [Test]
    public void AnImpossibleUtteranceCountsAsZero()
    {
        using var scope = NewDisposeScope();
        var (log, targets, _, _) = Batch();
        var leaf = log.clone().requires_grad_();
        var losses = Functional.CtcLoss(leaf.log_softmax(-1), targets, [6, 1], [3, 2], reduction: LossReduction.None);
        losses.sum().backward();
        Assert.That(Values(losses)[1], Is.Zero);
        Assert.That(Values(leaf.grad![1]), Has.All.Zero);
    }

    [Test]
    public void RelativeLengthsRoundHalfToEven()
    {
        using var scope = NewDisposeScope();
        var (log, targets, _, _) = Batch();
        // 0.75 * 6 = 4.5 is 4, 0.5 * 3 = 1.5 is 2.
        var (frames, labels) = (tensor(new[] { 1f, 0.75f }), tensor(new[] { 1f, 0.5f }));
        var relative = Functional.CtcLoss(log, targets, frames, labels, reduction: LossReduction.None);
        Assert.That(Values(relative), Is.EqualTo(Values(Functional.CtcLoss(log, targets, [6, 4], [3, 2], reduction: LossReduction.None))));
    }

    [Test]
    public void NothingLeaks()
    {
        using var scope = NewDisposeScope();
        var (log, targets, frames, labels) = Batch();
        LeakCheck.IsClean(() => Functional.CtcLoss(log, targets, frames, labels));
    }

    [Test]
    public void WrongArgumentsAreNamed()
    {
        using var scope = NewDisposeScope();
        var (log, targets, frames, labels) = Batch();
        Refusal.Of(() => Functional.CtcLoss(log[0], targets, frames, labels), "[batch, time, outputs]");
        Refusal.Of(() => Functional.CtcLoss(log.to(ScalarType.Int32), targets, frames, labels), "float32");
        Refusal.Of(() => Functional.CtcLoss(log, targets.to(ScalarType.Float32), frames, labels), "int64");
        Refusal.Of(() => Functional.CtcLoss(log, targets[0], frames, labels), "[batch, U]");
        Refusal.Of(() => Functional.CtcLoss(log, targets, [6, 7], labels), "inputLens[1] must lie in [1, 6]");
        Refusal.Of(() => Functional.CtcLoss(log, targets, [6, 0], labels), "inputLens[1] must lie in [1, 6]");
        Refusal.Of(() => Functional.CtcLoss(log, targets, frames, [4, 1]), "targetLens[0] must lie in [0, 3]");
        Refusal.Of(() => Functional.CtcLoss(log, targets, frames, labels, blankIndex: 4), "[0, 3]");
        Refusal.Of(() => Functional.CtcLoss(log, targets, frames, labels, blankIndex: 2), "which is blank");
        targets[1, 0] = tensor(9L);
        Refusal.Of(() => Functional.CtcLoss(log, targets, frames, labels), "targets[1, 0]");
    }

    private static (Tensor Log, Tensor Targets, long[] Frames, long[] Labels) Batch()
    {
        using var generator = new Generator(2);
        var log = randn([2, 6, 4], dtype: ScalarType.Float64, generator: generator).log_softmax(-1);
        return (log, tensor(new long[,] { { 1, 1, 2 }, { 3, 2, -7 } }), [6, 4], [3, 2]);
    }
}
