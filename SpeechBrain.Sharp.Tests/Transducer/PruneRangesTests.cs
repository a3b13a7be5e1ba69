using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static SpeechBrain.Sharp.Tests.Testing.Numbers;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Transducer;

[TestFixture]
public sealed class PruneRangesTests
{
    private static readonly (long[] Frames, long[] Labels)[] Shapes =
    [
        ([12, 9, 12], [8, 5, 3]), ([30, 17], [6, 6]), ([5, 5], [4, 0]), ([1, 3], [2, 6]), ([4], [0]), ([3, 20], [9, 9]),
    ];

    [Test]
    public void WindowsAreThoseOfThePlainLoops(
        [ValueSource(nameof(Shapes))] (long[] Frames, long[] Labels) shape, [Values(2, 3, 5, 50)] int sRange, [Values(1, 8)] double scale)
    {
        using var scope = NewDisposeScope();
        var batch = SimpleBatch.Draw(shape.Frames, shape.Labels, 6, scale: scale);
        var score = Functional.SimpleTransducerLoss(batch.Am, batch.Lm, batch.Targets, batch.Frames, batch.Labels);
        var ranges = Functional.PruneRanges(score.BlankArcs, score.LabelArcs, batch.Frames, batch.Labels, sRange);
        long climb = shape.Frames.Zip(shape.Labels, (t, u) => (long)Math.Ceiling((double)u / t)).Max();
        long states = Math.Min(Math.Max(sRange, climb + 1), shape.Labels.Max() + 1);
        Assert.That(ranges.shape, Is.EqualTo(new[] { shape.Frames.Length, shape.Frames.Max(), states }));
        for (int b = 0; b < shape.Frames.Length; b++)
        {
            long[] first = ranges[b].select(1, 0).data<long>().ToArray();
            Assert.That(first, Is.EqualTo(Plain(score.BlankArcs[b], score.LabelArcs[b], shape.Frames[b], shape.Labels[b], (int)states)));
            Assert.That(
                Values(ranges[b] - ranges[b].narrow(1, 0, 1)), Is.EqualTo(first.SelectMany(_ => Enumerable.Range(0, (int)states))), "consecutive");
            Assert.That(first[0], Is.Zero, "the first window begins at state 0");
            long last = first[shape.Frames[b] - 1];
            Assert.That((last <= shape.Labels[b], last + states > shape.Labels[b]), Is.EqualTo((true, true)), "the last window has the last state");
            Assert.That(
                first.Zip(first.Skip(1), (p, q) => q >= p && q - p < Math.Max(2, states)), Has.All.True, "windows rise, and overlap");
        }
    }

    /// <summary>An alignment that is all but certain stays inside: 1 label in each second frame.</summary>
    [Test]
    public void WindowsFollowACertainAlignment()
    {
        using var scope = NewDisposeScope();
        var (blank, label) = (zeros(1, 8, 5, dtype: ScalarType.Float64), zeros(1, 8, 5, dtype: ScalarType.Float64));
        var certain = tensor(1.0, dtype: ScalarType.Float64);
        for (int t = 0; t < 8; t++)
        {
            blank[0, t, (t + 1) / 2] = certain;
            if (t % 2 == 1)
                label[0, t, t / 2] = certain;
        }
        var ranges = Functional.PruneRanges(blank, label, [8], [4], 2);
        long[] first = ranges.select(2, 0).data<long>().ToArray();
        Assert.That(first.Index().All(p => p.Item <= p.Index / 2 && (p.Index + 1) / 2 <= p.Item + 1), Is.True, string.Join(" ", first));
    }

    [Test]
    public void WrongArgumentsAreNamed()
    {
        using var scope = NewDisposeScope();
        var arcs = zeros(2, 6, 4);
        Refusal.Of(() => Functional.PruneRanges(arcs[0], arcs, [6, 6], [3, 3], 3), "[batch, T, U + 1]");
        Refusal.Of(() => Functional.PruneRanges(arcs, arcs.narrow(1, 0, 5), [6, 6], [3, 3], 3), "dimension 1 must be 6");
        Refusal.Of(() => Functional.PruneRanges(arcs, arcs, [6, 6], [3, 3], 1), "at least 2");
        Refusal.Of(() => Functional.PruneRanges(arcs, arcs, [6, 0], [3, 3], 3), "[1, 6]");
        Refusal.Of(() => Functional.PruneRanges(arcs, arcs, [6, 6], [3, 4], 3), "[0, 3]");
    }

    [Test]
    public void NothingLeaks()
    {
        using var arcs = rand(2, 6, 4);
        LeakCheck.IsClean(() => Functional.PruneRanges(arcs, arcs, [6, 5], [3, 1], 2));
    }

    private static long[] Plain(Tensor blank, Tensor label, long frames, long labels, int states)
    {
        using var scope = NewDisposeScope();
        var (time, rows) = ((int)blank.size(0), (int)blank.size(1));
        double[] b = Values(blank), l = Values(label);
        long end = Math.Max(0, labels - states + 1);
        long[] first = new long[time];
        for (int t = time - 1; t >= 0; t--)
        {
            double[] shares = [.. Enumerable.Range(0, rows - states + 1).Select(
                p => Enumerable.Range(p, states).Sum(u => b[t * rows + u]) - (p > 0 ? l[t * rows + p - 1] : 0))];
            first[t] = Array.FindIndex(shares, share => share >= shares.Max() - 1e-6);
            first[t] = t >= frames - 1 ? end : Math.Min(first[t], first[t + 1]);
        }
        for (int t = time - 2; t >= 0; t--)
            first[t] = Math.Max(first[t], first[t + 1] - (states - 1));
        for (int t = 0; t < time; t++)
            first[t] = Math.Min(first[t], (states - 1) * t);
        return first;
    }
}
