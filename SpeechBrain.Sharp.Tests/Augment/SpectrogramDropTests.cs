using NUnit.Framework;
using SpeechBrain.Sharp.Augment;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Augment;

[TestFixture]
public sealed class SpectrogramDropTests
{
    private const int Batch = 3, Time = 12, Features = 7;

    private static readonly long[] Lengths = [12, 9, 5];

    private static readonly SpectrogramDropParameters Overlapping = new(
        [[new(2, 3), new(4, 4), new(11, 9)], [new(0, 1), new(3, 0)], [new(1, 2)]], [SpectrogramReplace.Zeros], [5, 2, 3], [11, 12, 13]);

    private static readonly SpectrogramReplace[] Ways =
        [SpectrogramReplace.Zeros, SpectrogramReplace.Mean, SpectrogramReplace.Rand, SpectrogramReplace.CutCat, SpectrogramReplace.Swap];

    // The definition, a value at a time; NaN stands for noise.
    private static double[,,] Reference(
        double[] x, long[] lengths, SpectrogramDropParameters parameters, SpectrogramReplace replace, int dim, bool ofBatch)
    {
        var result = new double[Batch, Time, Features];
        double At(int b, long t, int f) => x[(b * Time + t) * Features + f];
        double[] Valid(int b) =>
            [.. from t in Enumerable.Range(0, (int)lengths[b]) from f in Enumerable.Range(0, Features) select At(b, t, f)];
        for (int b = 0; b < Batch; b++)
        {
            for (int t = 0; t < Time; t++)
            {
                for (int f = 0; f < Features; f++)
                {
                    int place = dim == 1 ? t : f;
                    bool dropped = t < lengths[b] && parameters.Spans[b].Any(s => place >= s.Start && place < s.Start + s.Length);
                    int other = (b + Batch - 1) % Batch;
                    var values = ofBatch ? Enumerable.Range(0, Batch).SelectMany(Valid) : Valid(b);
                    result[b, t, f] = !dropped ? At(b, t, f) : replace switch
                    {
                        SpectrogramReplace.Zeros => 0,
                        SpectrogramReplace.Mean => values.Average(),
                        SpectrogramReplace.Rand => double.NaN,
                        SpectrogramReplace.CutCat => At(other, t % lengths[other], f),
                        _ => At(b, (t - parameters.Shift[b] + lengths[b]) % lengths[b], f),
                    };
                }
            }
        }
        return result;
    }

    [Test]
    public void EachWayOfReplacingIsItsDefinition(
        [ValueSource(nameof(Ways))] SpectrogramReplace replace, [Values(1, 2)] int dim, [Values] bool padded, [Values] bool perBatch)
    {
        using var scope = NewDisposeScope();
        using var drop = new SpectrogramDrop(replace: replace, dim: dim, perBatch: perBatch);
        long[] lengths = padded ? Lengths : [Time, Time, Time];
        var x = Noise.Normal([Batch, Time, Features], 4, ScalarType.Float64);
        var parameters = Overlapping with { Replace = [replace] };
        double[] y = Numbers.Values(drop.Apply(new AugmentedBatch(x, lengths), parameters).Data);
        double[] expected = [.. Reference(Numbers.Values(x), lengths, parameters, replace, dim, perBatch).Cast<double>()];
        double[][] valid = [.. Enumerable.Range(0, Batch).Select(b => Numbers.Values(x[b, ..(int)lengths[b]]))];
        int noisy = 0;
        for (int i = 0; i < y.Length; i++)
        {
            if (double.IsNaN(expected[i]))
            {
                var bounds = perBatch ? valid.SelectMany(v => v) : valid[i / (Time * Features)];
                Assert.That(y[i], Is.InRange(bounds.Min(), bounds.Max()));
                noisy++;
            }
            else
                Assert.That(y[i], Is.EqualTo(expected[i]).Within(1e-12), $"element {i}");
        }
        Assert.That(noisy > 0, Is.EqualTo(replace == SpectrogramReplace.Rand));
    }

    [Test]
    public void EachExampleMayBeReplacedInItsOwnWay()
    {
        using var scope = NewDisposeScope();
        using var drop = new SpectrogramDrop(replace: SpectrogramReplace.RandomSelection);
        var batch = new AugmentedBatch(Noise.Normal([Batch, Time, Features], 4, ScalarType.Float64), Lengths);
        SpectrogramReplace[] ways = [SpectrogramReplace.CutCat, SpectrogramReplace.Zeros, SpectrogramReplace.Swap];
        var mixed = drop.Apply(batch, Overlapping with { Replace = [.. ways] }).Data;
        for (int i = 0; i < Batch; i++)
        {
            var alike = drop.Apply(batch, Overlapping with { Replace = [ways[i]] }).Data;
            Assert.That(Numbers.Values(mixed[i]), Is.EqualTo(Numbers.Values(alike[i])));
        }
    }

    [Test]
    public void NoiseIsUniformAndAnExamplesOwn()
    {
        using var scope = NewDisposeScope();
        var noise = PlaceNoise.Uniform(tensor([1L, 2L]).unsqueeze(1), arange(100000L, ScalarType.Int64).unsqueeze(0));
        Assert.That(noise.dtype, Is.EqualTo(ScalarType.Float64));
        Assert.That(noise.amin([0L, 1L]).item<double>(), Is.GreaterThanOrEqualTo(0));
        Assert.That(noise.amax([0L, 1L]).item<double>(), Is.LessThan(1));
        // The mean of n uniform numbers has a deviation of 1 / sqrt(12 n) = 0.0009, a correlation of 0.003: five of them.
        Assert.That(Numbers.Values(noise.mean([1L])), Is.All.EqualTo(0.5).Within(0.005));
        Assert.That(noise.std([1L]).sub(Math.Sqrt(1 / 12.0)).abs().max().item<double>(), Is.LessThan(0.005));
        var centred = (noise - 0.5) * Math.Sqrt(12);
        double Correlation(Tensor a, Tensor b) => (a * b).mean().item<double>();
        Assert.That(Correlation(centred[0], centred[1]), Is.Zero.Within(0.016), "of two seeds");
        foreach (int lag in new[] { 1, 2, 80, 81 })
            Assert.That(Correlation(centred[0, ..^lag], centred[0, lag..]), Is.Zero.Within(0.016), $"at a distance of {lag}");
    }

    [Test]
    public void BothBoundsOfLengthAndCountAreDrawn()
    {
        using var drop = new SpectrogramDrop(2, 4, 1, 3);
        using var generator = new Generator(1);
        var draw = drop.Sample(generator, new BatchShape([200, 50, 80], [.. Enumerable.Repeat(30L, 200)]));
        Assert.That(draw.Spans.Select(spans => spans.Count).Distinct().Order(), Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That(draw.Spans.SelectMany(spans => spans).Select(span => span.Length).Distinct().Order(), Is.EqualTo(new[] { 2, 3, 4 }));
        Assert.That(draw.Spans.SelectMany(spans => spans).Select(span => span.Start).Distinct().Order(), Is.EqualTo(Enumerable.Range(0, 30)));
        Assert.That(draw.Shift.Distinct().Order(), Is.EqualTo(Enumerable.Range(1, 29)));
        using var features = new SpectrogramDrop(2, 2, 4, 4, dim: 2);
        var places = features.Sample(generator, new BatchShape([200, 5, 8], [.. Enumerable.Repeat(5L, 200)])).Spans.SelectMany(spans => spans);
        Assert.That(places.Select(span => span.Start).Distinct().Order(), Is.EqualTo(Enumerable.Range(0, 8)));
    }

    [Test]
    public void ADrawForTheBatchSharesCountWayAndShift()
    {
        using var drop = new SpectrogramDrop(2, 4, 1, 9, SpectrogramReplace.RandomSelection, perBatch: true);
        using var generator = new Generator(1);
        var draw = drop.Sample(generator, new BatchShape([20, 50, 80], [.. Enumerable.Repeat(30L, 20)]));
        Assert.That(draw.Spans.Select(spans => spans.Count).Distinct().Count(), Is.EqualTo(1));
        Assert.That(draw.Spans.Distinct().Count(), Is.GreaterThan(1));
        Assert.That((draw.Replace.Count, draw.Shift.Count), Is.EqualTo((1, 1)));
    }

    [Test]
    public void NothingToDropLeavesEverything([Values] SpectrogramReplace replace)
    {
        using var scope = NewDisposeScope();
        using var drop = new SpectrogramDrop(0, 0, 0, 2, replace);
        var batch = new AugmentedBatch(Noise.Normal([4, 5, 3]));
        var draw = drop.Sample(new Generator(3), batch);
        Assert.That(Numbers.Values(drop.Apply(batch, draw).Data), Is.EqualTo(Numbers.Values(batch.Data)));
    }

    [Test]
    public void TheFunctionIsTheModulesHalf([ValueSource(nameof(Ways))] SpectrogramReplace replace, [Values(1, 2)] int dim)
    {
        using var scope = NewDisposeScope();
        using var drop = new SpectrogramDrop(replace: replace, dim: dim);
        var x = Noise.Normal([2, 10, 4]);
        var draw = new SpectrogramDropParameters([[new(1, 2)], [new(0, 1)]], [replace], [3, 4], [5, 6]);
        var examples = tensor([0L, 0L, 1L]);
        var positions = tensor([1L, 2L, 0L]);
        var noise = new SpectrogramSlices(x, dim, null).Noise(tensor([5L, 5L, 6L]), positions);
        var y = Functional.SpectrogramDrop(x, examples, positions, replace, dim, noise: noise, shifts: tensor([3L, 3L, 4L]));
        Assert.That(Numbers.Values(y), Is.EqualTo(Numbers.Values(drop.Apply(new AugmentedBatch(x), draw).Data)));
    }

    [Test]
    public void BadArgumentsAreRefused()
    {
        using var scope = NewDisposeScope();
        Refusal.Of(() => _ = new SpectrogramDrop(-1), "dropLengthLow");
        Refusal.Of(() => _ = new SpectrogramDrop(5, 4), "dropLengthHigh must lie in [5,");
        Refusal.Of(() => _ = new SpectrogramDrop(dropCountLow: 4), "dropCountHigh must lie in [4,");
        Refusal.Of(() => _ = new SpectrogramDrop(dim: 3), "dim must lie in [1, 2]");
        Refusal.Of(() => _ = new SpectrogramDrop(replace: (SpectrogramReplace)9), "RandomSelection");
        using var drop = new SpectrogramDrop();
        using var batch = new AugmentedBatch(zeros(2, 10, 4));
        var draw = drop.Sample(new Generator(1), batch);
        Refusal.Of(() => drop.Apply(batch, draw with { Spans = [[], [], []] }), "3 values for a batch of 2");
        Refusal.Of(() => drop.Apply(batch, draw with { Seed = [-1] }), "a seed");
        Refusal.Of(() => drop.Apply(batch, draw with { Replace = [SpectrogramReplace.RandomSelection] }), "what was selected");
        SpectrogramReplace[] unselected = [SpectrogramReplace.Zeros, SpectrogramReplace.RandomSelection];
        Refusal.Of(() => drop.Apply(batch, draw with { Replace = [.. unselected] }), "what was selected");
        SpectrogramReplace[] unknown = [SpectrogramReplace.Zeros, (SpectrogramReplace)17];
        Refusal.Of(() => drop.Apply(batch, draw with { Replace = [.. unknown] }), "Replace must be one of");
        var one = tensor([0L]);
        var x = zeros(2, 10, 4);
        Refusal.Of(() => Functional.SpectrogramDrop(zeros(2, 10), one, one, SpectrogramReplace.Zeros), "[batch, time, features]");
        Refusal.Of(() => Functional.SpectrogramDrop(x, one.to(ScalarType.Int32), one, SpectrogramReplace.Zeros), "int64");
        Refusal.Of(() => Functional.SpectrogramDrop(x, one, tensor([0L, 1L]), SpectrogramReplace.Zeros), "positions");
        Refusal.Of(() => Functional.SpectrogramDrop(x, one, one, SpectrogramReplace.Rand), "needs noise");
        Refusal.Of(() => Functional.SpectrogramDrop(x, one, one, SpectrogramReplace.Rand, noise: zeros(1, 5)), "[1, 4]");
        Refusal.Of(() => Functional.SpectrogramDrop(x, one, one, SpectrogramReplace.Swap), "needs a shift");
        Refusal.Of(() => Functional.SpectrogramDrop(x, one, one, SpectrogramReplace.RandomSelection), "Zeros, Mean, Rand, CutCat or Swap");
        Refusal.Of(() => Functional.SpectrogramDrop(x, one, one, SpectrogramReplace.Zeros, lengths: one), "lengths");
        Assert.That(() => (draw with { Replace = [SpectrogramReplace.CutCat] }).ForExample(0), Throws.InvalidOperationException);
    }
}
