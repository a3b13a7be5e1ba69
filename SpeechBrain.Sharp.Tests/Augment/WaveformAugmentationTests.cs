using NUnit.Framework;
using SpeechBrain.Sharp.Augment;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Augment;

/// <summary>What each augmentation makes of a waveform, against plain computations, and the ranges it draws from.</summary>
[TestFixture]
public sealed class WaveformAugmentationTests
{
    [Test]
    public void ChunksAreDroppedAndNothingElse()
    {
        using var scope = NewDisposeScope();
        using var op = new DropChunk();
        var x = Noise.Normal([2, 50, 3]);
        ValueList<ValueList<Chunk>> chunks = [[new(3, 10), new(8, 12), new(0, 1), new(45, 30)], []];
        double[] expected = Numbers.Values(x);
        foreach (var chunk in chunks[0])
            for (long t = chunk.Start; t < Math.Min(40, chunk.Start + chunk.Length); t++)
                for (int channel = 0; channel < 3; channel++)
                    expected[t * 3 + channel] = 0;
        using var batch = new AugmentedBatch(x, [40, 50]);
        Assert.That(Numbers.Values(op.Apply(batch, new DropChunkParameters(chunks, null)).Data), Is.EqualTo(expected));
    }

    [Test]
    public void ALaterChunkLiesOverAnEarlierOne()
    {
        using var scope = NewDisposeScope();
        // The stream tells which number came where; loudness 1 and factor 1/2 keep u as 2u - 1.
        var stream = arange(9, ScalarType.Float32) / 10;
        using var batch = new AugmentedBatch(ones(1, 8));
        ValueList<ValueList<Chunk>> chunks = [[new(1, 5), new(3, 2), new(7, 2)]];
        double[] y = Numbers.Values(Chunks.Drop(batch, chunks, stream, [0], 0.5).Data);
        double[] places = [-1, 0, 1, 5, 6, 4, -1, 7];
        for (int t = 0; t < 8; t++)
            Assert.That(y[t], Is.EqualTo(places[t] < 0 ? 1 : 2 * places[t] / 10 - 1).Within(1e-6), $"sample {t}");
    }

    [Test]
    public void ChunksAreDrawnFromTheWholeRange()
    {
        using var op = new DropChunk(2, 4, 0, 2, dropStart: 3, dropEnd: -1);
        var shape = new BatchShape([1, 12], [10]);
        var drawn = Enumerable.Range(0, 400).Select(seed => op.Sample(new Generator((ulong)seed), shape).Chunks[0]).ToArray();
        Assert.That(drawn.Select(chunks => chunks.Count).Distinct().Order(), Is.EqualTo(new[] { 0, 1, 2 }));
        var all = drawn.SelectMany(chunks => chunks).ToArray();
        Assert.That(all.Select(chunk => chunk.Length).Distinct().Order(), Is.EqualTo(new long[] { 2, 3, 4 }));
        Assert.That(all.Min(chunk => chunk.Start), Is.EqualTo(3));
        Assert.That(all.Max(chunk => chunk.Start + chunk.Length), Is.EqualTo(9));
    }

    [Test]
    public void PatternsAreMadeOnceAndShiftedInACircle()
    {
        Assert.That(FastDropChunk.Roll([new Chunk(7, 2)], 2, 10), Is.EqualTo(new[] { new Chunk(9, 1), new Chunk(0, 1) }));
        Assert.That(FastDropChunk.Roll([new Chunk(7, 2)], 1, 10), Is.EqualTo(new[] { new Chunk(8, 2) }));
        Assert.That(FastDropChunk.Roll([new Chunk(0, 10)], 4, 10), Is.EqualTo(new[] { new Chunk(4, 6), new Chunk(0, 4) }));
        var shape = new BatchShape([64, 100], [.. Enumerable.Repeat(100L, 64)]);
        using var op = new FastDropChunk(5, 10, 1, 3, nMasks: 2);
        var patterns = op.Sample(new Generator(1), shape).Chunks.Select(chunks => chunks.Sum(chunk => chunk.Length)).Distinct().ToArray();
        Assert.That(patterns, Has.Length.LessThanOrEqualTo(2), "two patterns, whatever their shifts");
        using var other = new FastDropChunk(5, 10, 1, 3, nMasks: 2);
        other.Sample(new Generator(9), new BatchShape([1, 40], [40]));
        Assert.That(other.Sample(new Generator(1), shape), Is.EqualTo(op.Sample(new Generator(1), shape)), "not a matter of what was drawn before");
    }

    [Test]
    public void EverySecondSegmentComesFromTheExampleBefore()
    {
        using var scope = NewDisposeScope();
        using var op = new CutCat();
        using var batch = new AugmentedBatch(tensor(new[] { 1f, 2, 3 }).unsqueeze(1).expand(3, 9), [9, 5, 7]);
        var y = op.Apply(batch, new CutCatParameters([[2, 4, 6], [1], [0, 3]])).Data;
        // The last example has ended at 7, the second at 5: their neighbours keep their own from there on.
        Assert.That(Numbers.Values(y[0]), Is.EqualTo(new double[] { 1, 1, 3, 3, 1, 1, 3, 1, 1 }));
        Assert.That(Numbers.Values(y[1]), Is.EqualTo(new double[] { 2, 1, 1, 1, 1, 2, 2, 2, 2 }));
        Assert.That(Numbers.Values(y[2]), Is.EqualTo(new double[] { 2, 2, 2, 3, 3, 3, 3, 3, 3 }));
        using var single = new AugmentedBatch(ones(1, 9));
        Assert.That(Numbers.Values(op.Apply(single, op.Sample(new Generator(1), single)).Data), Is.All.EqualTo(1));
        Assert.That(op.Sample(new Generator(1), batch).Cuts, Has.All.Count.InRange(1, 9));
        Refusal.Of(() => op.Apply(batch, new CutCatParameters([[4, 2]])), "do not ascend");
        Assert.That(() => new CutCatParameters([[1]]).ForExample(0), Throws.InvalidOperationException);
    }

    [Test]
    public void NotchesTakeTheirToneAway()
    {
        using var scope = NewDisposeScope();
        using var op = new DropFreq(dropFreqWidth: 0.1);
        // The notch of f and w lies at (f + w) 3 / pi of the Nyquist frequency.
        const double F = 0.4;
        double centre = (F + 0.1) * 3 / Math.PI;
        var time = arange(4000, ScalarType.Float64);
        var tones = stack([(time * (Math.PI * centre)).sin(), (time * (Math.PI * 0.85)).sin()], 0);
        var y = op.Apply(new AugmentedBatch(tones), new DropFreqParameters([[F]])).Data.narrow(1, 100, 3800);
        Assert.That(y[0].abs().max().item<double>(), Is.LessThan(0.01), "in the notch");
        Assert.That(y[1].abs().max().item<double>(), Is.EqualTo(1).Within(0.01), "far from it");
    }

    [Test]
    public void FilteringIsTheConvolutionOfSpeechBrain()
    {
        using var scope = NewDisposeScope();
        using var op = new DropFreq();
        var x = Noise.Normal([2, 300], 3, ScalarType.Float64);
        var y = op.Apply(new AugmentedBatch(x), new DropFreqParameters([[0.3, 0.7], []])).Data;
        var filter = zeros(1, 101, 1, dtype: ScalarType.Float64);
        filter[0, 50, 0] = 1.0;
        foreach (double frequency in (double[])[0.3, 0.7])
            filter = Functional.Convolve1d(filter, Functional.NotchFilter(frequency, dtype: ScalarType.Float64), 50);
        var expected = Functional.Convolve1d(x.narrow(0, 0, 1).unsqueeze(2), filter, 50);
        Numbers.AssertClose(Numbers.Values(y[0]), Numbers.Values(expected), 1e-9, 1e-10);
        Numbers.AssertClose(Numbers.Values(y[1]), Numbers.Values(x[1]), 1e-9, 1e-10);
    }

    [Test]
    public void ClippingKeepsThePeakAndAmplifiesTheRest()
    {
        using var scope = NewDisposeScope();
        using var op = new DoClip();
        using var batch = new AugmentedBatch(tensor(new float[,] { { 1, -4, 2, 100 }, { 1, 2, 3, 4 } }), [3, 4]);
        double[] y = Numbers.Values(op.Apply(batch, new DoClipParameters([0.5, 1])).Data);
        Numbers.AssertClose(y[..3], [2, -4, 4], 1e-6, 0);
        Numbers.AssertClose(y[4..], [1, 2, 3, 4], 1e-6, 0);
        double[] quieter = Numbers.Values(op.Apply(batch, new DoClipParameters([2])).Data);
        Numbers.AssertClose(quieter[4..], [0.5, 1, 1.5, 2], 1e-6, 0);
    }

    /// <summary>What a filter leaves behind a sound dies away through the denormal numbers, and is no reason for NaN.</summary>
    [TestCase(1e-45)]
    [TestCase(1e-40)]
    [TestCase(1e-35)]
    public void WhatIsNearlySilentStaysNearlySilent(double level)
    {
        using var scope = NewDisposeScope();
        float tiny = (float)level;
        using var batch = new AugmentedBatch(tensor(new float[,] { { tiny, -tiny, 0, tiny }, { 1, 2, 3, 4 } }));
        using var amp = new RandAmp();
        using var bits = new DropBitResolution();
        Check(amp.Apply(batch, new RandAmpParameters([1.5])));
        Check(bits.Apply(batch, new DropBitResolutionParameters([BitResolution.Int16])));

        void Check(AugmentedBatch result)
        {
            double[] y = Numbers.Values(result.Data);
            Assert.That(y[..4], Is.All.InRange(-1e-30, 1e-30));
            Assert.That(y[7], Is.EqualTo(result.Data.abs().max().ToDouble()).And.GreaterThan(1.4));
        }
    }

    [Test]
    public void ThePeakBecomesTheAmplitude()
    {
        using var scope = NewDisposeScope();
        using var op = new RandAmp(0.2, 0.9);
        using var batch = new AugmentedBatch(Noise.Normal([5, 100, 2]), [100, 50, 20, 7, 99]);
        var parameters = op.Sample(new Generator(1), batch);
        Assert.That(parameters.Amplitude, Is.Unique.And.All.InRange(0.2, 0.9));
        var y = batch.Silence(op.Apply(batch, parameters).Data).abs().amax([1]);
        for (int i = 0; i < 5; i++)
            Numbers.AssertClose(Numbers.Values(y[i]), [parameters.Amplitude[i], parameters.Amplitude[i]], 1e-6, 0);
    }

    [TestCase(BitResolution.Int8, 127)]
    [TestCase(BitResolution.Int16, 32767)]
    public void SamplesAreRoundedTowardZero(BitResolution target, int steps)
    {
        using var scope = NewDisposeScope();
        using var op = new DropBitResolution(target);
        var x = Noise.Normal([2, 200], 3, ScalarType.Float64);
        double[] before = Numbers.Values(x), after = Numbers.Values(op.Apply(new AugmentedBatch(x), new DropBitResolutionParameters([target])).Data);
        for (int i = 0; i < 2; i++)
        {
            double step = before[(i * 200)..(i * 200 + 200)].Max(Math.Abs) / steps;
            for (int t = i * 200; t < i * 200 + 200; t++)
            {
                Assert.That(Math.Abs(after[t]), Is.LessThanOrEqualTo(Math.Abs(before[t]) * (1 + 1e-12)));
                Assert.That(Math.Abs(before[t]) - Math.Abs(after[t]), Is.LessThan(step));
                Assert.That(after[t] / step, Is.EqualTo(Math.Round(after[t] / step)).Within(1e-6));
            }
        }
        Assert.That(after.Distinct().Count(), Is.GreaterThan(20));
    }

    [Test]
    public void EachExampleHasItsOwnResolution()
    {
        using var scope = NewDisposeScope();
        using var op = new DropBitResolution();
        var x = Noise.Normal([3, 200]);
        var parameters = new DropBitResolutionParameters([BitResolution.Int8, BitResolution.Float16, BitResolution.Int16]);
        var y = op.Apply(new AugmentedBatch(x), parameters).Data;
        Assert.That(Numbers.Values(y[1]), Is.EqualTo(Numbers.Values(x[1].to(ScalarType.Float16))));
        Assert.That((y[0] - x[0]).abs().max().item<float>(), Is.GreaterThan(1e-3));
        Assert.That((y[2] - x[2]).abs().max().item<float>(), Is.LessThan(2e-4));
    }

    [Test]
    public void SignsAndChannelsAreDrawnByTheirProbabilities()
    {
        var shape = new BatchShape([1000, 5, 2], [.. Enumerable.Repeat(5L, 1000)]);
        using var flip = new SignFlip(0.25);
        Assert.That(flip.Sample(new Generator(1), shape).Flip.Count(flipped => flipped), Is.InRange(200, 300));
        using var drop = new ChannelDrop(0.25);
        Assert.That(drop.Sample(new Generator(1), shape).Keep.SelectMany(keep => keep).Count(keep => !keep), Is.InRange(430, 570));
        using var never = new SignFlip(0);
        Assert.That(never.Sample(new Generator(1), shape).Flip, Is.All.False);
    }

    [Test]
    public void ChannelsAreDropped()
    {
        using var scope = NewDisposeScope();
        using var op = new ChannelDrop();
        foreach (long time in (long[])[1, 63, 128])
        {
            var y = op.Apply(new AugmentedBatch(ones(2, time, 3)), new ChannelDropParameters([[true, false, true], [false, true, true]])).Data;
            Assert.That(Numbers.Values(y[0].sum([0])), Is.EqualTo(new double[] { time, 0, time }));
            Assert.That(Numbers.Values(y[1].sum([0])), Is.EqualTo(new double[] { 0, time, time }));
        }
        using var batch = new AugmentedBatch(ones(2, 4, 3));
        Refusal.Of(() => op.Apply(batch, new ChannelDropParameters([[true]])), "1 values for 3 channels");
        using var swap = new ChannelSwap();
        Refusal.Of(() => swap.Apply(batch, new ChannelSwapParameters([[0, 0, 1]])), "no permutation");
    }

    [Test]
    public void SpeedsOfABatch()
    {
        using var scope = NewDisposeScope();
        using var op = new SpeedPerturb(16000, [90, 100, 110]);
        using var batch = new AugmentedBatch(Noise.Normal([3, 990]), [990, 500, 99]);
        var result = op.Apply(batch, new SpeedPerturbParameters(90, 100, 110));
        Assert.That(result.Lengths, Is.EqualTo(new long[] { 1100, 500, 90 }));
        var (waves, lengths, _) = op.Apply(batch.Data, batch.Lengths, new SpeedPerturbParameters(90, 100, 110));
        Assert.That(lengths, Is.EqualTo(result.Lengths));
        Assert.That(Numbers.Values(result.Data), Is.EqualTo(Numbers.Values(waves)));
    }

    private static IEnumerable<TestCaseData> BadArguments()
    {
        yield return Row(() => new SignFlip(1.5), "flipProb");
        yield return Row(() => new SignFlip(double.NaN), "flipProb");
        yield return Row(() => new DoClip(0), "clipLow");
        yield return Row(() => new DoClip(0.5, 0.4), "clipHigh");
        yield return Row(() => new DoClip(double.NaN), "clipLow");
        yield return Row(() => new RandAmp(-1), "ampLow");
        yield return Row(() => new RandAmp(1, 0.5), "ampHigh");
        yield return Row(() => new RandAmp(1, double.PositiveInfinity), "ampHigh");
        yield return Row(() => new ChannelDrop(-0.1), "dropRate");
        yield return Row(() => new ChannelSwap(-1, 2), "minSwap");
        yield return Row(() => new ChannelSwap(3, 2), "maxSwap");
        yield return Row(() => new CutCat(0, 2), "minNumSegments");
        yield return Row(() => new CutCat(5, 4), "maxNumSegments");
        yield return Row(() => new DropBitResolution((BitResolution)7), "target");
        yield return Row(() => new DropFreq(-0.1), "dropFreqLow");
        yield return Row(() => new DropFreq(0.5, 0.4), "dropFreqHigh");
        yield return Row(() => new DropFreq(0.5, 1.1), "dropFreqHigh");
        yield return Row(() => new DropFreq(dropFreqCountLow: -1), "dropFreqCountLow");
        yield return Row(() => new DropFreq(dropFreqCountLow: 4), "dropFreqCountHigh");
        yield return Row(() => new DropFreq(dropFreqWidth: double.NaN), "dropFreqWidth");
        yield return Row(() => new DropFreq(epsilon: 0), "epsilon");
        yield return Row(() => new DropChunk(-1), "dropLengthLow");
        yield return Row(() => new DropChunk(10, 5), "dropLengthHigh");
        yield return Row(() => new DropChunk(10, long.MaxValue), "dropLengthHigh");
        yield return Row(() => new DropChunk(dropCountLow: -1), "dropCountLow");
        yield return Row(() => new DropChunk(dropCountLow: 4), "dropCountHigh");
        yield return Row(() => new DropChunk(dropStart: 10, dropEnd: 5), "dropEnd");
        yield return Row(() => new DropChunk(dropStart: -5, dropEnd: -10), "dropEnd");
        yield return Row(() => new DropChunk(noiseFactor: -1), "noiseFactor");
        yield return Row(() => new FastDropChunk(nMasks: 0), "nMasks");
        yield return Row(() => new FastDropChunk(10, 5), "dropLengthHigh");

        static TestCaseData Row(Func<Augmentation> make, string name) => new TestCaseData(make, name).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(BadArguments))]
    public void ARangeIsCheckedWhereItIsGiven(Func<Augmentation> make, string name) =>
        Assert.That(() => make(), Throws.InstanceOf<ArgumentException>().With.Message.Contains(name).And.Property("ParamName").EqualTo(name));

    [Test]
    public void DrawsMadeByHandAreChecked()
    {
        using var scope = NewDisposeScope();
        using var batch = new AugmentedBatch(ones(2, 40));
        Refuse(new SignFlip(), new SignFlipParameters([true, false, true]), "3 values for a batch of 2");
        Refuse(new DoClip(), new DoClipParameters([0]), "Clip must be a finite number above 0");
        Refuse(new DropFreq(), new DropFreqParameters([[1.5]]), "Frequencies");
        Refuse(new DropFreq(), new DropFreqParameters([[0]]), "Frequencies");
        Refuse(new DropBitResolution(), new DropBitResolutionParameters([(BitResolution)9]), "Target");
        Refuse(new DropChunk(), new DropChunkParameters([[new(0, 5)]], new ChunkNoise(1, 4, [0])), "more than the stream of 4");
        Refuse(new FastDropChunk(), new DropChunkParameters([[new(0, 5)]], new ChunkNoise(1, 9, [0])), "DropChunk");
        Refusal.Of(() => _ = new Chunk(-1, 4), "start");
        Refusal.Of(() => _ = new Chunk(1, -4), "length");
        Refusal.Of(() => _ = new Chunk(2, long.MaxValue - 1), "length");

        void Refuse(Augmentation augmentation, AugmentationParameters parameters, string message)
        {
            Refusal.Of(() => augmentation.Apply(batch, parameters), message);
            augmentation.Dispose();
        }
    }
}
