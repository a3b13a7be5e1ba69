using NUnit.Framework;
using SpeechBrain.Sharp.Features;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Features;

[TestFixture]
public sealed class FbankTests
{
    [TestCase(ScalarType.Float64, 1e-9)]
    [TestCase(ScalarType.Float32, 2e-3)]
    public void EqualsTheDefinition(ScalarType dtype, double tolerance)
    {
        using var fbank = new Fbank(sampleRate: 8000, nFft: 64, nMels: 10, winLength: 7, hopLength: 3);
        using var x = Noise.Normal([1, 200], dtype: ScalarType.Float64);
        using var y = fbank.call(x.to_type(dtype));
        double[] expected = [.. ReferenceFeatures.Fbank(Numbers.Values(x), 56, 24, 64, 10, 8000).SelectMany(f => f)];
        Assert.That(y.dtype, Is.EqualTo(dtype));
        Assert.That(y.shape, Is.EqualTo(new[] { 1, fbank.FrameCount(200), 10 }));
        Assert.That(Numbers.Values(y), Is.EqualTo(expected).Within(tolerance));
    }

    [TestCaseSource(typeof(Devices), nameof(Devices.All))]
    public void EveryDeviceGivesTheSameFeatures(DeviceType type)
    {
        var device = Devices.Require(type);
        using var fbank = new Fbank(nFft: 512, nMels: 80, winLength: 32);
        using var x = Noise.Normal([2, 4000]);
        double[] expected = Numbers.Values(fbank.call(x));
        using var y = fbank.call(x.to(device));      // constants follow the input
        Assert.That(y.device_type, Is.EqualTo(type));
        Assert.That(Numbers.Values(y), Is.EqualTo(expected).Within(1e-2));
    }

    [Test]
    public void SilenceIsMinusHundredDecibels()
    {
        using var fbank = new Fbank();
        Assert.That(Numbers.Values(fbank.call(zeros(2, 1600))), Is.All.EqualTo(-100));
    }

    [Test]
    public void AnEmptyBatchHasNoFeatures()
    {
        using var fbank = new Fbank(deltas: true, context: true);
        Assert.That(fbank.call(zeros(0, 1600)).shape, Is.EqualTo(new long[] { 0, 11, 1320 }));
        using var stft = new Stft(16000, onesided: false);
        Assert.That(stft.call(zeros(0, 1600, 2)).shape, Is.EqualTo(new long[] { 0, 11, 400, 2, 2 }));
        using var norm = new InputNormalization(normType: NormType.Sentence);
        Assert.That(norm.call(zeros(0, 11, 40), zeros(0)).shape, Is.EqualTo(new long[] { 0, 11, 40 }));
    }

    [Test]
    public void AToneLiesInItsFilter([Values(300, 1000, 4000)] int hertz)
    {
        using var fbank = new Fbank(nFft: 512, nMels: 80, winLength: 32);
        using var x = tensor(Enumerable.Range(0, 8000).Select(i => (float)Math.Sin(2 * Math.PI * hertz * i / 16000)).ToArray()).unsqueeze(0);
        double[] frame = Numbers.Values(fbank.call(x)[0, 25]);
        double[][] triangles = ReferenceFeatures.Triangles(80, 512, 16000, 0, 8000);
        int bin = (int)Math.Round(hertz * 512 / 16000.0);
        int strongest = Enumerable.Range(0, 80).MaxBy(m => frame[m]);
        Assert.That(triangles[bin][strongest], Is.GreaterThan(0.3));
    }

    [Test]
    public void TenTimesTheAmplitudeIsTwentyDecibelsMore()
    {
        using var fbank = new Fbank();
        using var x = Noise.Normal([1, 3200]);
        Assert.That(Numbers.Values(fbank.call(x * 10) - fbank.call(x)), Is.All.EqualTo(20).Within(1e-2));
    }

    [Test]
    public void PaddingDoesNotChangeTheFramesBeforeIt()
    {
        // Where the item's own floor decides nothing, a frame depends on its own window alone.
        using var fbank = new Fbank();
        using var x = Noise.Normal([1, 3200]);
        using var padded = nn.functional.pad(x, (0L, 1600L));
        using var alone = fbank.call(x);
        using var y = fbank.call(padded);
        // The last two frames look beyond sample 3200 in both, at zeros.
        Assert.That(Numbers.Values(y.narrow(1, 0, alone.shape[1])), Is.EqualTo(Numbers.Values(alone)).Within(1e-3));
    }

    [Test]
    public void DerivativesAndContextFollowTheFeatures()
    {
        using var plain = new Fbank(nMels: 6);
        using var all = new Fbank(deltas: true, context: true, nMels: 6, leftFrames: 2, rightFrames: 1);
        using var x = Noise.Normal([2, 3200]);
        using var features = plain.call(x);
        using var first = Functional.Deltas(features);
        using var expected = Functional.ContextWindow(cat([features, first, Functional.Deltas(first)], 2), 2, 1);
        Assert.That(Numbers.Values(all.call(x)), Is.EqualTo(Numbers.Values(expected)).Within(1e-4));
        Assert.That(expected.shape, Is.EqualTo(new long[] { 2, 21, 72 }));
    }

    [Test]
    public void MfccIsTheCosineTransformOfFbank()
    {
        using var fbank = new Fbank(nMels: 23);
        using var mfcc = new Mfcc(deltas: false, context: false, nMfcc: 13);
        using var dct = new Dct(23, 13);
        using var x = Noise.Normal([2, 3200]);
        Assert.That(Numbers.Values(mfcc.call(x)), Is.EqualTo(Numbers.Values(dct.call(fbank.call(x)))).Within(1e-3));
        Assert.That(new Mfcc().call(x).shape, Is.EqualTo(new long[] { 2, 21, 660 }));
    }

    [Test]
    public void StateDictHasSpeechBrainsKeys()
    {
        Assert.That(new Fbank().state_dict().Keys, Is.EqualTo(new[] { "compute_deltas.kernel" }));
        Assert.That(
            new Fbank(requiresGrad: true).state_dict().Keys,
            Is.EquivalentTo(new[] { "compute_fbanks.f_central", "compute_fbanks.band", "compute_deltas.kernel" }));
        Assert.That(new Fbank(nMels: 3).state_dict()["compute_deltas.kernel"].shape, Is.EqualTo(new long[] { 3, 1, 5 }));
    }

    [Test]
    public void ConstantsMadeInInferenceModeServeInTraining()
    {
        using var fbank = new Fbank(sampleRate: 1000, nFft: 8, nMels: 2, winLength: 8, hopLength: 4);
        using var x = Noise.Normal([1, 21], dtype: ScalarType.Float64);
        using (inference_mode())
            fbank.call(x).Dispose();
        using var leaf = x.detach().requires_grad_();
        fbank.call(leaf).sum().backward();
        Assert.That(Numbers.Values(leaf.grad!).Any(g => g != 0), Is.True);
    }

    [Test]
    public void GradientsReachTheWaveform()
    {
        using var fbank = new Fbank(sampleRate: 1000, nFft: 8, nMels: 2, winLength: 8, hopLength: 4);
        using var x = Noise.Normal([1, 21], dtype: ScalarType.Float64);
        GradCheck.Check(a => fbank.call(a[0]), x);
    }

    [Test]
    public void PropertiesAreThoseOfTheStft()
    {
        using var fbank = new Fbank(nFft: 512, winLength: 32);
        Assert.That(fbank.GetFilterProperties(), Is.EqualTo(new FilterProperties(512, 160)));
    }

    [Test]
    public void CallsLeaveNothingBehind()
    {
        using var fbank = new Fbank(deltas: true, context: true);
        using var mfcc = new Mfcc();
        using var x = Noise.Normal([1, 1600, 2]);
        LeakCheck.IsClean(() => fbank.call(x));
        LeakCheck.IsClean(() => mfcc.call(x));
        LeakCheck.IsClean(() =>
        {
            using var made = new Mfcc();
        });
    }

    [Test]
    public void HalfPrecisionIsComputedInSingleOnTheCpu()
    {
        using var scope = NewDisposeScope();
        var x = Noise.Normal([1, 2, 3]).abs().to(ScalarType.Float16);
        var decibels = Functional.AmplitudeToDb(x, amin: 1e-4);
        Assert.That(decibels.dtype, Is.EqualTo(ScalarType.Float16));
        Assert.That(decibels.equal(Functional.AmplitudeToDb(x.@float(), amin: 1e-4).half()).all().item<bool>(), Is.True);
        var spectrum = zeros([1, 2, 3, 2], ScalarType.Float16);
        var log = Functional.SpectralMagnitude(spectrum, log: true);
        Assert.That(log.dtype, Is.EqualTo(ScalarType.Float16));
        Assert.That(log.isfinite().all().item<bool>(), Is.True, "eps does not vanish");
    }
}
