using NUnit.Framework;
using SpeechBrain.Sharp.Augment;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Augment;

[TestFixture]
public sealed class AugmenterTests
{
    private DisposeScope scope = null!;

    [SetUp]
    public void Open() => scope = NewDisposeScope();

    [TearDown]
    public void Close() => scope.Dispose();

    // Example i is filled with i + 1, so that a value tells its example and the gains that it went through.
    private static AugmentedBatch Numbered(int batch, long time = 4) =>
        new(arange(1, batch + 1, ScalarType.Float64).unsqueeze(1).expand(batch, time).contiguous());

    private static double[] First(AugmentedBatch batch) => Numbers.Values(batch.Data.select(1, 0));

    private static AugmentedBatch Run(Augmenter augmenter, AugmentedBatch batch, ulong seed = 1)
    {
        using (augmenter)
        {
            var draw = augmenter.Sample(new Generator(seed), batch);
            var result = augmenter.Apply(batch, draw);
            Assert.That(result.Shape, Is.EqualTo(augmenter.OutputShape(batch.Shape, draw)));
            Assert.That(augmenter.ParametersFromJson(draw.ToJson()), Is.EqualTo(draw));
            return result;
        }
    }

    private static Gain[] Primes => [new(2), new(3), new(5)];

    [Test]
    public void ASequenceAppliesOneToTheOthersResult()
    {
        var y = Run(new Augmenter(Primes, minAugmentations: 3), Numbered(2));
        Assert.That(First(y), Is.EqualTo(new double[] { 30, 60 }));
        Assert.That(y.Sources, Is.EqualTo(new[] { 0, 1 }));
    }

    [Test]
    public void ParallelOnesComeOneBehindTheOther()
    {
        var y = Run(new Augmenter(Primes, parallelAugment: true, minAugmentations: 2, maxAugmentations: 2), Numbered(2));
        Assert.That(First(y), Is.EqualTo(new double[] { 2, 4, 3, 6 }));
        Assert.That(y.Sources, Is.EqualTo(new[] { 0, 1, 0, 1 }));
    }

    [Test]
    public void AFixedBatchIsSharedOut()
    {
        var y = Run(new Augmenter(Primes, parallelAugment: true, parallelAugmentFixedBs: true, minAugmentations: 3), Numbered(5));
        Assert.That(First(y), Is.EqualTo(new double[] { 2, 6, 9, 20, 25 }));
        Assert.That(y.Sources, Is.EqualTo(new[] { 0, 1, 2, 3, 4 }));
        var few = Run(new Augmenter(Primes, parallelAugment: true, parallelAugmentFixedBs: true, minAugmentations: 3), Numbered(2));
        Assert.That(First(few), Is.EqualTo(new double[] { 3, 10 }), "fewer examples than augmentations: the first has none");
    }

    [Test]
    public void OriginalsAndRepetitionsStandSideBySide()
    {
        var y = Run(new Augmenter([new Gain(10)], concatOriginal: true, repeatAugment: 2), Numbered(2));
        Assert.That(First(y), Is.EqualTo(new double[] { 1, 2, 10, 20, 10, 20 }));
        Assert.That(y.Sources, Is.EqualTo(new[] { 0, 1, 0, 1, 0, 1 }));
    }

    [Test]
    public void PartsOfTheBatchAreAugmentedAndKept()
    {
        var y = Run(
            new Augmenter([new Gain(10)], concatOriginal: true, augmentStartIndex: 1, augmentEndIndex: 3, concatStartIndex: 2, concatEndIndex: 9),
            Numbered(5));
        Assert.That(First(y), Is.EqualTo(new double[] { 3, 4, 5, 20, 30 }));
        Assert.That(y.Sources, Is.EqualTo(new[] { 2, 3, 4, 1, 2 }));
        var none = Run(new Augmenter([new Gain(10)], concatOriginal: true, concatStartIndex: 5), Numbered(5));
        Assert.That(First(none), Is.EqualTo(new double[] { 10, 20, 30, 40, 50 }), "no originals from there on");
        var beyond = Run(new Augmenter([new Gain(10)], concatOriginal: true, augmentStartIndex: 5), Numbered(5));
        Assert.That(First(beyond), Is.EqualTo(new double[] { 1, 2, 3, 4, 5 }), "there is nothing to augment");
    }

    [Test]
    public void ABatchIsLeftAloneWhereNothingIsToBeDone()
    {
        Augmenter[] idle =
        [
            new(Primes, augmentProb: 0), new(Primes, repeatAugment: 0), new([]), new(Primes, minAugmentations: 0, maxAugmentations: 0),
            new(Primes, enableAugmentations: [false, false, false]), new(Primes, augmentEndIndex: 0),
        ];
        foreach (var augmenter in idle)
            Assert.That(First(Run(augmenter, Numbered(2))), Is.EqualTo(new double[] { 1, 2 }));
    }

    [Test]
    public void ProbabilityNumberAndOrderAreDrawn()
    {
        using var half = new Augmenter(Primes, augmentProb: 0.5, maxAugmentations: 2, shuffleAugmentations: true);
        var shape = Numbered(2).Shape;
        AugmenterParameters[] draws = [.. Enumerable.Range(0, 300).Select(seed => half.Sample(new Generator((ulong)seed), shape))];
        // 300 fair coins: a deviation of 8.7.
        Assert.That(draws.Count(draw => draw.Branches[0].Steps.Count == 0), Is.InRange(105, 195));
        var orders = draws.Select(draw => string.Join("", draw.Branches[0].Steps.Select(step => step.Augmentation)))
            .Distinct().Order(StringComparer.Ordinal);
        Assert.That(orders, Is.EqualTo(new[] { "", "0", "01", "02", "1", "10", "12", "2", "20", "21" }));
    }

    [Test]
    public void OnlyEnabledOnesCountAndBoundTheNumbers()
    {
        using var augmenter = new Augmenter(Primes, minAugmentations: 3, enableAugmentations: [false, true, true]);
        Assert.That((augmenter.MinAugmentations, augmenter.MaxAugmentations), Is.EqualTo((2, 2)));
        Assert.That(First(augmenter.Apply(Numbered(1), augmenter.Sample(new Generator(1), Numbered(1)))), Is.EqualTo(new double[] { 15 }));
    }

    [TestCase(new long[] { 2, 8 })]
    [TestCase(new long[] { 2, 8, 3 })]
    [TestCase(new long[] { 2, 8, 3, 2 })]
    public void ResultsOfOtherTimesArePaddedAlongTime(long[] shape)
    {
        var x = Noise.Normal(shape);
        var y = Run(new Augmenter([new Cut(5), new Gain(2)], parallelAugment: true, minAugmentations: 2), new AugmentedBatch(x, [8, 4]));
        Assert.That(y.Data.shape, Is.EqualTo((long[])[4, .. shape[1..]]));
        Assert.That(y.Lengths, Is.EqualTo(new long[] { 5, 2, 8, 4 }), "half of 5 to even");
        Assert.That(Numbers.Values(y.Data[..2, ..5]), Is.EqualTo(Numbers.Values(x[.., ..5])));
        Assert.That(Numbers.Values(y.Data[..2, 5..]), Is.All.Zero);
        Assert.That(Numbers.Values(y.Data[2..]), Is.EqualTo(Numbers.Values(x * 2)));
    }

    [Test]
    public void LabelsFollowTheirRows()
    {
        var y = Run(new Augmenter([new Gain(10)], concatOriginal: true, augmentStartIndex: 1, concatEndIndex: 2), Numbered(3));
        var tokens = tensor(new long[,] { { 1, 2 }, { 3, 4 }, { 5, 6 } });
        Assert.That(Augmenter.ReplicateLabels(y, tokens).data<long>().ToArray(), Is.EqualTo(new long[] { 1, 2, 3, 4, 3, 4, 5, 6 }));
        var both = Augmenter.ReplicateMultipleLabels(y, tokens, tensor([0.5f, 0.25f, 1]));
        Assert.That(both[1].data<float>().ToArray(), Is.EqualTo(new[] { 0.5f, 0.25f, 0.25f, 1 }));
        Refusal.Of(() => Augmenter.ReplicateLabels(y, tokens[..2]), "a row stems from example 2");
        // And through a second augmenter.
        var again = Run(new Augmenter([new Gain(3)], parallelAugment: true, augmentStartIndex: 3), y);
        Assert.That(First(again), Is.EqualTo(new double[] { 90 }));
        Assert.That(Augmenter.ReplicateLabels(again, tokens).data<long>().ToArray(), Is.EqualTo(new long[] { 5, 6 }));
        using var untouched = Numbered(3);
        LeakCheck.IsClean(() => Augmenter.ReplicateLabels(untouched, tokens));
        LeakCheck.IsClean(() => Augmenter.ReplicateLabels(y, tokens));
    }

    [Test]
    public void EachRepetitionHasDrawsOfItsOwnAndSpeedChangesTime()
    {
        using var augmenter = new Augmenter(
            [new SpeedPerturb(16000, [80, 90, 110]), new RandomShift(-50, 50)], concatOriginal: true, repeatAugment: 3, minAugmentations: 2);
        var batch = new AugmentedBatch(Noise.Normal([4, 400]), [400, 300, 200, 100]);
        var draw = augmenter.Sample(new Generator(5), batch);
        Assert.That(draw.Branches, Has.Count.EqualTo(4));
        Assert.That(draw.Branches.Skip(1).Distinct().Count(), Is.EqualTo(3));
        var y = augmenter.Apply(batch, draw);
        Assert.That(y.Shape, Is.EqualTo(augmenter.OutputShape(batch.Shape, draw)));
        Assert.That(Numbers.Values(y.Data[..4, ..400]), Is.EqualTo(Numbers.Values(batch.Data)), "originals");
        Assert.That(y.Shape.Time, Is.GreaterThan(400));
        var replayed = augmenter.Apply(batch, augmenter.ParametersFromJson(draw.ToJson()));
        Assert.That(Numbers.Values(replayed.Data), Is.EqualTo(Numbers.Values(y.Data)));
    }

    [Test]
    public void AnExampleAloneGivesAllItsRows()
    {
        using var augmenter = new Augmenter(
            [new SpeedPerturb(16000, [80, 90, 110]), new Gain(0.5)],
            parallelAugment: true, concatOriginal: true, minAugmentations: 2, augmentStartIndex: 1);
        var batch = new AugmentedBatch(Noise.Normal([3, 400]), [400, 300, 200]);
        var draw = augmenter.Sample(new Generator(5), batch);
        var y = augmenter.Apply(batch, draw);
        for (int example = 0; example < 3; example++)
        {
            var alone = augmenter.Apply(
                new AugmentedBatch(batch.Data.narrow(0, example, 1).narrow(1, 0, batch.Lengths[example])), draw.ForExample(example));
            int[] rows = [.. Enumerable.Range(0, y.Sources.Count).Where(row => y.Sources[row] == example)];
            Assert.That(rows, Has.Length.EqualTo(example == 0 ? 1 : 3));
            Assert.That(alone.Lengths, Is.EqualTo(rows.Select(row => y.Lengths[row])));
            foreach (var (i, row) in rows.Index())
                Assert.That(
                    Numbers.Values(alone.Data[i, ..(int)alone.Lengths[i]]),
                    Is.EqualTo(Numbers.Values(y.Data[row, ..(int)y.Lengths[row]])).Within(1e-5));
        }
        Assert.That(() => new AugmenterParameters([new(1, 2, [])]).ForExample(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void ADrawIsReadByTheAugmentationsItWasMadeFor()
    {
        using var augmenter = new Augmenter([new Augmenter([new Gain(2)]), new Cut(3)], minAugmentations: 2);
        var draw = augmenter.Sample(new Generator(1), Numbered(2));
        string json = draw.ToJson();
        Assert.That(json, Is.EqualTo(
            """{"branches":[{"start":0,"end":2,"steps":[{"augmentation":0,"name":"Augmenter","parameters":{"branches":[{"start":0,"end":2,"steps":"""
            + """[{"augmentation":0,"name":"Gain","parameters":{"factor":2}}]}]}},{"augmentation":1,"name":"Cut","parameters":{"factor":3}}]}]}"""));
        Assert.That(augmenter.ParametersFromJson(json), Is.EqualTo(draw));
        using var other = new Augmenter([new Cut(3), new Gain(2)]);
        Refusal.Of(() => other.ParametersFromJson(json), "augmentation 0 is Augmenter in the draw and Cut here");
        Refusal.Of(() => other.Apply(Numbered(2), draw), "A step is of augmentation 0, Augmenter; here they are Cut, Gain");
        Refusal.Of(() => augmenter.ParametersFromJson(json.Replace("\"augmentation\":1", "\"augmentation\":7")), "not there");
        Refusal.Of(() => augmenter.ParametersFromJson(json.Replace("\"factor\":3", "\"factor\":\"x\"")), "not a draw of Cut");
        Refusal.Of(() => augmenter.ParametersFromJson(json.Replace("\"name\":\"Cut\"", "\"nam\":\"Cut\"")), "a step is an object");
        Refusal.Of(() => augmenter.Apply(Numbered(1), draw), "[0, 2) of a batch of 1");
        Refusal.Of(() => augmenter.Apply(Numbered(1), new AugmenterParameters([])), "no branch");
    }

    [Test]
    public void WhatItTakesAndDoesFollowsFromWhatIsEnabled()
    {
        using var all = new Augmenter([new SpeedPerturb(16000), new SpectrogramDrop(replace: SpectrogramReplace.CutCat)]);
        Assert.That((all.ChangesTime, all.MixesExamples, (int)all.Layouts), Is.EqualTo((true, true, 0)), "no shape is both");
        Refusal.Of(() => all.Sample(new Generator(1), Numbered(2)), "no shape is for all augmentations of Augmenter");
        using var some = new Augmenter(
            [new SpeedPerturb(16000), new CodecAugment(codecs: [Codec.PcmMulaw]), new SpectrogramDrop()], enableAugmentations: [false, true, false]);
        Assert.That((some.ChangesTime, some.IsDifferentiable, some.Layouts), Is.EqualTo((false, false, AugmentationLayouts.Waveforms)));
        using var moved = new Augmenter([new SpeedPerturb(16000)]);
        Assert.That(moved.named_modules().Select(m => m.name), Has.Some.StartsWith("augmentation_0.speed_"), "kernels move with the augmenter");
    }

    [Test]
    public void BadArgumentsAreRefused()
    {
        Refusal.Of(() => _ = new Augmenter([null!]), "augmentations");
        Refusal.Of(() => _ = new Augmenter(Primes, minAugmentations: -1), "minAugmentations must");
        Refusal.Of(() => _ = new Augmenter(Primes, minAugmentations: 3, maxAugmentations: 2), "minAugmentations is 3, above maxAugmentations, 2");
        Refusal.Of(() => _ = new Augmenter(Primes, repeatAugment: -1), "repeatAugment");
        Refusal.Of(() => _ = new Augmenter(Primes, augmentStartIndex: 3, augmentEndIndex: 2), "augmentEndIndex must be at least 3");
        Refusal.Of(() => _ = new Augmenter(Primes, concatStartIndex: 3, concatEndIndex: 2), "concatEndIndex must be at least 3");
        Refusal.Of(() => _ = new Augmenter(Primes, augmentProb: 1.5), "augmentProb");
        Refusal.Of(() => _ = new Augmenter(Primes, augmentProb: double.NaN), "augmentProb");
        Refusal.Of(() => _ = new Augmenter(Primes, enableAugmentations: [true]), "1 values for 3 augmentations");
    }

    [Test]
    public void CallsLeaveNothingBehind()
    {
        using var augmenter = new Augmenter(
            [new SpeedPerturb(16000, [90, 110]), new RandomShift(1, 9)], parallelAugment: true, concatOriginal: true, minAugmentations: 2);
        using var batch = new AugmentedBatch(Noise.Normal([3, 100]), [100, 70, 30]);
        using var generator = new Generator(1);
        LeakCheck.IsClean(() => augmenter.Apply(batch, augmenter.Sample(generator, batch)).Dispose());
        using var slice = new Augmenter([new SignFlip(), new RandomShift(1, 9)], augmentStartIndex: 1);
        LeakCheck.IsClean(() => slice.Apply(batch, slice.Sample(generator, batch)).Dispose());
    }
}
