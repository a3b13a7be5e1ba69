using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Transducer;

[TestFixture]
public sealed class TransducerMemoryPlanTests
{
    private static readonly long[] Frames = [400, 123, 250, 399, 7], Labels = [60, 20, 41, 12, 0];

    [Test]
    public void EachUtteranceIsInOneSliceThatHoldsIt(
        [Values(DeviceType.CPU, DeviceType.CUDA)] DeviceType type, [Values(0, 25, 60, 1000)] int budgetMiB)
    {
        var plan = TransducerMemoryPlan.For(
            Frames, Labels, 1000, 640, device: new Device(type, type == DeviceType.CPU ? -1 : 0),
            budget: budgetMiB == 0 ? null : (long)budgetMiB << 20);
        Assert.That(plan.Slices.SelectMany(s => s.Utterances).Order(), Is.EqualTo(Enumerable.Range(0, 5)));
        foreach (var slice in plan.Slices)
        {
            Assert.That(slice.Frames, Is.EqualTo(slice.Utterances.Max(b => Frames[b])));
            Assert.That(slice.Rows, Is.EqualTo(slice.Utterances.Max(b => Labels[b]) + 1));
            Assert.That(slice.FramesAtOnce, Is.InRange(1, slice.Frames));
            Assert.That(!slice.IsCut || slice.Utterances.Count == 1, Is.True);
        }
        if (budgetMiB > 0)
            Assert.That(plan.TotalBytes, Is.LessThanOrEqualTo((long)budgetMiB << 20));
        else
            Assert.That(plan.Slices, Has.None.Matches<TransducerMemorySlice>(s => s.IsCut));
        if (type == DeviceType.CPU)
            Assert.That(plan.Slices, Has.Count.EqualTo(5));
        else if (budgetMiB == 1000)
            Assert.That(plan.Slices, Has.Count.EqualTo(1));
    }

    /// <summary>Counted by hand: 400 x 61 nodes of 1000 float32 logits; 53 x 61 rows of 640 in four tensors; 40 bytes a node.</summary>
    [Test]
    public void BytesAreCountedByHand()
    {
        long[] frames = [.. Enumerable.Repeat(400L, 16)], labels = [.. Enumerable.Repeat(60L, 16)];
        var plan = TransducerMemoryPlan.For(frames, labels, 1000, 640);
        Assert.That(plan.LogitBytes, Is.EqualTo(400 * 61 * 4000));
        Assert.That(plan.JointBytes, Is.EqualTo(4 * 53 * 61 * 2560));
        Assert.That(plan.LatticeBytes, Is.EqualTo(400 * 61 * 40));
        Assert.That(plan.GradientBytes, Is.EqualTo((16 * 461 * 640 + 1000 * 641) * 4));
        Assert.That(plan.TotalBytes, Is.EqualTo(plan.LogitBytes + plan.JointBytes + plan.LatticeBytes + plan.GradientBytes));
        Assert.That(plan.UnfusedBytes, Is.GreaterThan(30 * plan.TotalBytes));
        Assert.That(TransducerMemoryPlan.For(frames, labels, 1000, 640, withGradients: false).GradientBytes, Is.Zero);
        Assert.That(
            TransducerMemoryPlan.For(frames, labels, 1000, 640, reduction: LossReduction.None).GradientBytes,
            Is.EqualTo((16 * 461 * 640 + 16 * 1000 * 641) * 4));
    }

    [Test]
    public void ItPrintsAsATable()
    {
        long[] frames = [.. Enumerable.Repeat(400L, 16)], labels = [.. Enumerable.Repeat(60L, 16)];
        string[] expected =
        [
            "RNN-T loss of 16 utterances, up to 400 frames and 60 labels, 1000 outputs, joint of 640, Float32",
            "  logits           93.1 MiB   16 slices of 1 utterance",
            "  joint            31.6 MiB   53 frames at once",
            "  lattice           0.9 MiB",
            "  gradients        20.5 MiB",
            "  together        146.0 MiB   unfused: 4920.1 MiB, 33.7 times as much",
        ];
        Assert.That(TransducerMemoryPlan.For(frames, labels, 1000, 640).ToString().Split(Environment.NewLine), Is.EqualTo(expected));
        string cut = TransducerMemoryPlan.For(frames, labels, 1000, 640, budget: 80 << 20).ToString();
        Assert.That(cut, Does.Contain("16 cut along time and computed twice"));
    }

    [Test]
    public void WrongArgumentsAreNamed()
    {
        Refusal.Of(() => TransducerMemoryPlan.For([], [], 10, 10), "one of each");
        Refusal.Of(() => TransducerMemoryPlan.For([1], [1, 2], 10, 10), "one of each");
        Refusal.Of(() => TransducerMemoryPlan.For([long.MaxValue], [long.MaxValue], 10, 10), "are the lengths absolute?");
        Refusal.Of(() => TransducerMemoryPlan.For([1, 1], [0, 0], long.MaxValue, 10), "are the lengths absolute?");
        Refusal.Of(() => TransducerMemoryPlan.For([0], [1], 10, 10), "inputLens[0]");
        Refusal.Of(() => TransducerMemoryPlan.For([1], [-1], 10, 10), "targetLens[0]");
        Refusal.Of(() => TransducerMemoryPlan.For([1], [1], 0, 10), "vocabulary");
        Refusal.Of(() => TransducerMemoryPlan.For([1], [1], 10, 10, ScalarType.Int64), "float32");
        Refusal.Of(() => TransducerMemoryPlan.For([100], [10], 10, 10, budget: 1000), "budget must be at least");
    }
}
