using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static SpeechBrain.Sharp.Tests.Testing.Numbers;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Transducer;

[TestFixture]
public sealed class NllLossTests
{
    private static readonly LossReduction[] Reductions = Enum.GetValues<LossReduction>();

    /// <summary>Two loops. A frame counts below length * time - 1e-6: 0.5 of 5 frames are 3, not the 2 of the other losses.</summary>
    [Test]
    public void EqualsTheNaiveLoss(
        [ValueSource(nameof(Reductions))] LossReduction reduction, [Values(0.0, 0.1)] double smoothing, [Values] bool weighted)
    {
        using var scope = NewDisposeScope();
        var (log, targets, lengths) = Batch();
        double[] weights = weighted ? [0.5, 2, 1, 3] : [1, 1, 1, 1];
        var actual = Functional.NllLoss(
            log, targets, lengths, smoothing, weight: weighted ? tensor(weights) : null, reduction: reduction);

        int[] counts = [5, 3, 1];
        double[] values = Values(log);
        long[] labels = targets.data<long>().ToArray();
        double[,] frames = new double[3, 5];
        for (int b = 0; b < 3; b++)
            for (int t = 0; t < counts[b]; t++)
            {
                double[] outputs = values[((b * 5 + t) * 4)..((b * 5 + t + 1) * 4)];
                long label = labels[b * 5 + t];
                frames[b, t] = -(1 - smoothing) * weights[label] * outputs[label] - smoothing * outputs.Average();
            }
        double Of(int b) => Enumerable.Range(0, 5).Sum(t => frames[b, t]);
        double[] expected = reduction switch
        {
            LossReduction.None => [.. frames.Cast<double>()],
            LossReduction.Batch => [Of(0) / 5, Of(1) / 3, Of(2) / 1],
            LossReduction.Sum => [frames.Cast<double>().Sum()],
            LossReduction.Mean => [frames.Cast<double>().Sum() / 9],
            _ => [frames.Cast<double>().Sum() / 3],
        };
        AssertClose(Values(actual), expected, 1e-12, 1e-14);
    }

    [Test]
    public void WithoutTimeOrLengthsEveryRowCounts()
    {
        using var scope = NewDisposeScope();
        var (log, targets, _) = Batch();
        double[] rows = [.. Enumerable.Range(0, 3).Select(b => -log[b, 0, targets[b, 0].item<long>()].item<double>())];
        AssertClose(Values(Functional.NllLoss(log.select(1, 0), targets.select(1, 0))), [rows.Average()], 1e-14, 0);
        Assert.That(Values(Functional.NllLoss(log, targets)), Is.EqualTo(Values(Functional.NllLoss(log, targets, ones(3)))));
    }

    [Test]
    public void TheLongerOneIsCut()
    {
        using var scope = NewDisposeScope();
        var (log, targets, _) = Batch();
        double[] expected = Values(Functional.NllLoss(log.narrow(1, 0, 3), targets.narrow(1, 0, 3)));
        Assert.That(Values(Functional.NllLoss(log.narrow(1, 0, 3), targets)), Is.EqualTo(expected));
        Assert.That(Values(Functional.NllLoss(log, targets.narrow(1, 0, 3))), Is.EqualTo(expected));
        Refusal.Of(() => Functional.NllLoss(log, targets.narrow(1, 0, 1)), "they may differ by 3");
    }

    [Test]
    public void GradientsAreThoseOfTheValue()
    {
        using var scope = NewDisposeScope();
        var (log, targets, lengths) = Batch();
        GradCheck.Check(x => Functional.NllLoss(x[0].log_softmax(-1), targets, lengths, 0.2), log);
    }

    [Test]
    public void NothingLeaks()
    {
        using var scope = NewDisposeScope();
        var (log, targets, lengths) = Batch();
        LeakCheck.IsClean(() => Functional.NllLoss(log, targets, lengths, 0.1));
    }

    [Test]
    public void WrongArgumentsAreNamed()
    {
        using var scope = NewDisposeScope();
        var (log, targets, lengths) = Batch();
        Refusal.Of(() => Functional.NllLoss(log[0, 0], targets, lengths), "[batch, outputs]");
        Refusal.Of(() => Functional.NllLoss(log, targets[0], lengths), "without its last dimension");
        Refusal.Of(() => Functional.NllLoss(log, targets.to(ScalarType.Float64), lengths), "int64");
        Refusal.Of(() => Functional.NllLoss(log, targets, lengths, labelSmoothing: 1.5), "[0, 1]");
        Refusal.Of(() => Functional.NllLoss(log, targets, lengths * 2), "[0, 1]");
        Refusal.Of(() => Functional.NllLoss(log.select(1, 0), targets.select(1, 0), lengths), "have no time");
        Refusal.Of(() => Functional.NllLoss(log, targets, lengths, weight: ones(3)), "one weight for each output");
        targets[2, 4] = tensor(77L);
        Assert.That(() => Functional.NllLoss(log, targets, lengths), Throws.Nothing, "padding may hold anything");
        targets[2, 0] = tensor(4L);
        Refusal.Of(() => Functional.NllLoss(log, targets, lengths), "element 10");
    }

    private static (Tensor Log, Tensor Targets, Tensor Lengths) Batch()
    {
        using var generator = new Generator(6);
        return (
            randn([3, 5, 4], dtype: ScalarType.Float64, generator: generator).log_softmax(-1),
            randint(0, 4, [3, 5], dtype: ScalarType.Int64, generator: generator),
            tensor(new[] { 1f, 0.5f, 0.2f }));
    }
}
