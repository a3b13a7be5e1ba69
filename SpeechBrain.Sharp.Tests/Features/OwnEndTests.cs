using NUnit.Framework;
using SpeechBrain.Sharp.Features;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Features;

/// <summary>
/// With lengths, a waveform has the features in a batch that it has alone, whatever lies behind it: here noise a hundred times as loud, and NaN.
/// </summary>
[TestFixture]
public sealed class OwnEndTests
{
    private static readonly long[] Lengths = [97, 40, 64, 41];

    [Test]
    public void SpectraAreThoseOfTheSignalAlone(
        [Values(PaddingModes.Constant, PaddingModes.Zeros, PaddingModes.Reflect, PaddingModes.Replicate, PaddingModes.Circular)] PaddingModes mode,
        [Values] bool center, [Values(15, 16)] int points, [Values(1, 3)] int hop, [Values] bool channels)
    {
        using var scope = NewDisposeScope();
        using var stft = new Stft(1000, 10, hop, points, center: center, padMode: mode);
        var (wave, lengths) = Batch(channels);
        var together = stft.Apply(wave, lengths);
        var counts = stft.FrameCounts(lengths).data<long>().ToArray();
        for (int b = 0; b < Lengths.Length; b++)
        {
            var alone = stft.call(wave[b..(b + 1), ..(int)Lengths[b]]);
            Assert.That(alone.size(1), Is.EqualTo(counts[b]).And.EqualTo(stft.FrameCount(Lengths[b])));
            AssertSame(together[b..(b + 1)].narrow(1, 0, counts[b]), alone);
        }
    }

    [Test]
    public void FeaturesAreThoseOfTheSignalAlone([Values] bool deltas, [Values] bool context, [Values] bool mfcc, [Values] bool channels)
    {
        using var scope = NewDisposeScope();
        using SpectralFeatures extractor = mfcc
            ? new Mfcc(deltas, context, sampleRate: 1000, nFft: 16, nMels: 6, nMfcc: 4, winLength: 12, hopLength: 5, leftFrames: 2, rightFrames: 3)
            : new Fbank(deltas, context, sampleRate: 1000, nFft: 16, nMels: 6, winLength: 12, hopLength: 5, leftFrames: 2, rightFrames: 3);
        var (wave, lengths) = Batch(channels);
        var together = extractor.Apply(wave, lengths: lengths);
        long[] counts = extractor.FrameCounts(Lengths);
        Assert.That(extractor.FrameCounts(lengths).data<long>().ToArray(), Is.EqualTo(counts));
        for (int b = 0; b < Lengths.Length; b++)
            AssertSame(together[b..(b + 1)].narrow(1, 0, counts[b]), extractor.call(wave[b..(b + 1), ..(int)Lengths[b]]));
    }

    /// <summary>
    /// Silence as padding is not enough: the frame behind an utterance's own last one is nearer to its last sample, and may hold the maximum from
    /// which the decibel floor is counted.
    /// </summary>
    [Test]
    public void TheFloorIsThatOfTheOwnFrames()
    {
        using var scope = NewDisposeScope();
        using var fbank = new Fbank(sampleRate: 1000, nFft: 16, nMels: 6, winLength: 16, hopLength: 10);
        var wave = zeros([2, 60], ScalarType.Float64);
        wave[.., 2..8] = tensor(1e-3, ScalarType.Float64);
        wave[0, 38] = tensor(1e3, ScalarType.Float64);
        var alone = fbank.call(wave[..1, ..39]);
        AssertSame(fbank.Apply(wave, lengths: tensor(new long[] { 39, 60 }))[..1, ..4], alone);
        Assert.That(
            Numbers.Values((fbank.call(wave)[..1, ..4] - alone).abs().max())[0], Is.GreaterThan(1), "without lengths, the frame behind them counts");
    }

    [Test]
    public void SentencesAreNormalisedByTheirOwnFrames([Values] bool stdNorm)
    {
        using var scope = NewDisposeScope();
        using var norm = new InputNormalization(stdNorm, NormType.Sentence);
        var (x, frames) = Batch(true);
        var together = norm.call(x, frames);
        for (int b = 0; b < Lengths.Length; b++)
            AssertSame(together[b..(b + 1), ..(int)Lengths[b]], norm.call(x[b..(b + 1), ..(int)Lengths[b]]));
    }

    /// <summary>Relative lengths are the waveforms': of the frames they are off by up to one, and so are the statistics' frames.</summary>
    [Test]
    public void StatisticsCountEachFrameOnce()
    {
        using var scope = NewDisposeScope();
        using var fbank = new Fbank(nFft: 512, nMels: 10, winLength: 32);
        long[] samples = [16000, 15999, 8123, 4480];
        long[] frames = fbank.FrameCounts(samples);
        var x = Noise.Normal([4, frames[0], 10]);
        using var absolute = new InputNormalization();
        absolute.call(x, tensor(frames));
        Assert.That(absolute.Count, Is.EqualTo(frames.Sum()));
        using var relative = new InputNormalization();
        relative.call(x, tensor(samples.Select(n => (float)n / samples[0]).ToArray()));
        Assert.That(relative.Count, Is.Not.EqualTo(frames.Sum()));
    }

    [Test]
    public void GradientsEndWithTheSignal([Values(PaddingModes.Constant, PaddingModes.Reflect, PaddingModes.Circular)] PaddingModes mode)
    {
        using var scope = NewDisposeScope();
        using var stft = new Stft(1000, 4, 2, 4, padMode: mode);
        var lengths = tensor(new long[] { 9, 5 });
        GradCheck.Check(x => Functional.SpectralMagnitude(stft.Apply(x[0], lengths)), Noise.Normal([2, 9], dtype: ScalarType.Float64));
        var wave = Noise.Normal([2, 9], dtype: ScalarType.Float64).requires_grad_();
        stft.Apply(wave, lengths)[1..2, ..3].square().sum().backward();
        Assert.That(Numbers.Values(wave.grad![1, 5..]), Is.All.Zero);
    }

    [TestCaseSource(typeof(Devices), nameof(Devices.All))]
    public void EveryDeviceGivesTheSame(DeviceType type)
    {
        var device = Devices.Require(type);
        using var scope = NewDisposeScope();
        using var fbank = new Fbank(deltas: true, sampleRate: 1000, nFft: 16, nMels: 6, winLength: 12, hopLength: 5);
        using var norm = new InputNormalization(normType: NormType.Sentence);
        var wave = Noise.Normal([4, 97], dtype: ScalarType.Float64);
        var lengths = tensor(Lengths);
        var expected = norm.call(fbank.Apply(wave, lengths: lengths), fbank.FrameCounts(lengths));
        var there = norm.call(fbank.Apply(wave.to(device), lengths: lengths.to(device)), fbank.FrameCounts(lengths.to(device)));
        Assert.That(Numbers.Values(there), Is.EqualTo(Numbers.Values(expected)).Within(1e-9));
    }

    [Test]
    public void NothingLeaks()
    {
        using var fbank = new Fbank(deltas: true, context: true, sampleRate: 1000, nFft: 16, nMels: 6, winLength: 12, hopLength: 5);
        using var stft = new Stft(1000, 10, 3, 16, padMode: PaddingModes.Reflect);
        using var norm = new InputNormalization(normType: NormType.Sentence);
        using var wave = ones(2, 97);
        using var lengths = tensor(new long[] { 97, 30 });
        LeakCheck.IsClean(() => fbank.Apply(wave, lengths: lengths));
        LeakCheck.IsClean(() => fbank.FrameCounts(lengths));
        LeakCheck.IsClean(() => stft.Apply(wave, lengths));
        using var frames = ones(2, 97, 3);
        LeakCheck.IsClean(() => norm.call(frames, lengths));
    }

    [Test]
    public void LengthsThatDoNotFitAreRefused()
    {
        using var scope = NewDisposeScope();
        using var fbank = new Fbank();
        var wave = zeros(2, 1600);
        Refusal.Of(() => fbank.Apply(wave, lengths: tensor(new long[] { 1600, 1601 })), "1601");
        Refusal.Of(() => fbank.Apply(wave, lengths: tensor(new long[] { 1600, 0 })), "[1, 1600]");
        Refusal.Of(() => fbank.Apply(wave, lengths: tensor(new long[] { 1600 })), "2 items");
        Refusal.Of(() => fbank.Apply(wave, lengths: tensor(new[] { 1f, 0.5f })), "int64");
        Refusal.Of(() => fbank.FrameCounts(tensor(new[] { 1f, 0.5f })), "int64");
        Refusal.Of(() => fbank.FrameCount(0), "at least 1");
        using var reflecting = new Stft(16000, padMode: PaddingModes.Reflect);
        Refusal.Of(() => reflecting.Apply(wave, tensor(new long[] { 1600, 200 })), "[201, 1600]");
        using var bare = new Stft(16000, center: false);
        Refusal.Of(() => bare.Apply(wave, tensor(new long[] { 1600, 399 })), "[400, 1600]");
        Refusal.Of(() => bare.FrameCount(399), "at least 400");
        using var norm = new InputNormalization();
        Refusal.Of(() => norm.call(zeros(2, 5, 3), tensor(new long[] { 6, 5 })), "[0, 5]");
    }

    /// <summary>Signals with loud noise behind the second and third, and NaN behind the last.</summary>
    private static (Tensor Wave, Tensor Lengths) Batch(bool channels)
    {
        var wave = Noise.Normal(channels ? [4, 97, 2] : [4, 97], 3, ScalarType.Float64);
        for (int b = 1; b < 3; b++)
            wave[b].narrow(0, Lengths[b], 97 - Lengths[b]).mul_(100);
        wave[3].narrow(0, Lengths[3], 97 - Lengths[3]).fill_(double.NaN);
        return (wave, tensor(Lengths));
    }

    private static void AssertSame(Tensor actual, Tensor expected)
    {
        Assert.That(actual.shape, Is.EqualTo(expected.shape));
        Assert.That(Numbers.Values(actual), Is.EqualTo(Numbers.Values(expected)).Within(1e-11));
    }
}
