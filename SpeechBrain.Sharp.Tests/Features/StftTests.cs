using NUnit.Framework;
using SpeechBrain.Sharp.Features;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Features;

[TestFixture]
public sealed class StftTests
{
    // Sample rate 1000, so that milliseconds are samples.
    [TestCase(16, 16, 4, true)]
    [TestCase(16, 10, 5, true)]
    [TestCase(16, 16, 7, false)]
    [TestCase(15, 9, 4, true)]
    public void EqualsTheDefinition(int nFft, int window, int hop, bool center)
    {
        using var stft = new Stft(1000, window, hop, nFft, center: center);
        using var x = Noise.Normal([2, 61], dtype: ScalarType.Float64);
        using var y = stft.call(x);
        double[] values = Numbers.Values(x), result = Numbers.Values(y);
        double[] expected = [.. new[] { values[..61], values[61..] }.SelectMany(row => ReferenceFeatures.Stft(row, window, hop, nFft, center)).SelectMany(f => f).SelectMany(v => new[] { v.Re, v.Im })];
        Assert.That(y.shape[2..], Is.EqualTo(new long[] { nFft / 2 + 1, 2 }));
        Assert.That(result, Is.EqualTo(expected).Within(1e-11));
    }

    [TestCase(16000, 25, 10, 400, 16000, 101)]
    [TestCase(16000, 32, 10, 512, 16000, 101)]
    [TestCase(8000, 25, 10, 200, 799, 10)]
    [TestCase(16000, 25, 10, 400, 1, 1)]
    public void FramesAreCentredEveryHop(long rate, double window, double hop, long nFft, long length, long frames)
    {
        using var stft = new Stft(rate, window, hop, nFft);
        using var y = stft.call(zeros(1, length));
        Assert.That(y.shape, Is.EqualTo(new[] { 1, frames, nFft / 2 + 1, 2 }));
        Assert.That(y.dtype, Is.EqualTo(ScalarType.Float32));
    }

    [Test]
    public void AnImpulseHasAFlatSpectrum()
    {
        using var stft = new Stft(1000, 8, 4, 16);
        using var x = zeros(1, 33);
        x[0, 16] = tensor(1f);
        using var power = Functional.SpectralMagnitude(stft.call(x));
        // Frame 4 is centred on the impulse, where the window is 1.
        Assert.That(Numbers.Values(power[0, 4]), Is.All.EqualTo(1).Within(1e-6));
        Assert.That(Numbers.Values(power[0, 0]), Is.All.EqualTo(0));
    }

    [Test]
    public void WindowIsPeriodicHamming()
    {
        using var stft = new Stft(16000);
        using var expected = hamming_window(400);
        Assert.That(Numbers.Values(stft.Window), Is.EqualTo(Numbers.Values(expected)).Within(1e-6));
        using var other = new Stft(16000, windowFn: n => hann_window(n));
        using var hann = hann_window(400);
        Assert.That(Numbers.Values(other.Window), Is.EqualTo(Numbers.Values(hann)));
    }

    [Test]
    public void NormalizedIsDividedByTheRootOfThePoints()
    {
        using var x = Noise.Normal([1, 100]);
        using var plain = new Stft(1000, 16, 8, 16).call(x);
        using var normalized = new Stft(1000, 16, 8, 16, normalizedStft: true).call(x);
        Assert.That(Numbers.Values(normalized * 4), Is.EqualTo(Numbers.Values(plain)).Within(1e-5));
    }

    [Test]
    public void TwoSidedSpectraAreSymmetric()
    {
        using var x = Noise.Normal([1, 100]);
        using var y = new Stft(1000, 16, 8, 16, onesided: false).call(x);
        Assert.That(y.shape, Is.EqualTo(new long[] { 1, 13, 16, 2 }));
        Assert.That(Numbers.Values(y[0, 3, 1]), Is.EqualTo(Numbers.Values(y[0, 3, 15] * tensor(new[] { 1f, -1f }))).Within(1e-5));
    }

    [Test]
    public void ChannelsComeLast()
    {
        using var stft = new Stft(1000, 16, 8, 16);
        using var x = Noise.Normal([2, 50, 3]);
        using var y = stft.call(x);
        Assert.That(y.shape, Is.EqualTo(new long[] { 2, 7, 9, 2, 3 }));
        for (long c = 0; c < 3; c++)
            Assert.That(Numbers.Values(y.select(4, c)), Is.EqualTo(Numbers.Values(stft.call(x.select(2, c)))).Within(1e-6));
    }

    [TestCase(ScalarType.Float16)]
    [TestCase(ScalarType.BFloat16)]
    public void HalfPrecisionIsComputedInFloat32(ScalarType dtype)
    {
        using var stft = new Stft(1000, 16, 8, 16);
        using var x = Noise.Normal([1, 50], dtype: dtype);
        using var y = stft.call(x);
        Assert.That(y.dtype, Is.EqualTo(ScalarType.Float32));
        Assert.That(Numbers.Values(y), Is.EqualTo(Numbers.Values(stft.call(x.to_type(ScalarType.Float32)))));
    }

    [Test]
    public void GradientsAreThoseOfTheSum()
    {
        using var stft = new Stft(1000, 6, 3, 8);
        using var x = Noise.Normal([1, 13], dtype: ScalarType.Float64);
        GradCheck.Check(a => Functional.SpectralMagnitude(stft.call(a[0])), x);
        GradCheck.Check(a => Functional.SpectralMagnitude(stft.call(a[0]), 0.5, log: true), x);
    }

    [Test]
    public void MagnitudeOfSilenceHasFiniteGradients()
    {
        using var x = zeros([1, 2, 3, 2], requires_grad: true);
        Functional.SpectralMagnitude(x, 0.5).sum().backward();
        Assert.That(Numbers.Values(x.grad!), Is.All.EqualTo(0));
    }

    [TestCase(1, 25)]
    [TestCase(0.5, 5)]
    [TestCase(2, 625)]
    public void MagnitudeIsAPowerOfTheSquares(double power, double expected)
    {
        using var x = tensor(new[] { 3.0, -4.0 }).reshape(1, 1, 1, 2);
        Assert.That(Numbers.Values(Functional.SpectralMagnitude(x, power)).Single(), Is.EqualTo(expected).Within(1e-9));
        Assert.That(Numbers.Values(Functional.SpectralMagnitude(x, power, log: true)).Single(), Is.EqualTo(Math.Log(expected)).Within(1e-9));
    }

    private static IEnumerable<TestCaseData> WrongArguments()
    {
        yield return Row("sampleRate", () => new Stft(0));
        yield return Row("winLength", () => new Stft(16000, 26));
        yield return Row("winLength", () => new Stft(16000, 0));
        yield return Row("hopLength", () => new Stft(16000, hopLength: 0.01));
        yield return Row("nFft", () => new Stft(16000, nFft: 0));
        yield return Row("windowFn", () => new Stft(16000, windowFn: _ => ones(3)));
        yield return Row("x", () => new Stft(16000).call(zeros(16000)));
        yield return Row("x", () => new Stft(16000).call(zeros([1, 16000], ScalarType.Int16)));
        yield return Row("x", () => new Stft(16000).call(zeros(1, 0)));
        yield return Row("x", () => new Stft(16000, center: false).call(zeros(1, 399)));
        yield return Row("x", () => new Stft(16000, padMode: PaddingModes.Reflect).call(zeros(1, 200)));
        yield return Row("stft", () => Functional.SpectralMagnitude(zeros(1, 2, 3, 3)));
        yield return Row("power", () => Functional.SpectralMagnitude(zeros(1, 2, 3, 2), 0));

        static TestCaseData Row(string name, Func<object> make) => new(name, make);
    }

    [TestCaseSource(nameof(WrongArguments))]
    public void WrongArgumentsAreNamed(string name, Func<object> make) =>
        Assert.That(() => make(), Throws.InstanceOf<ArgumentException>().With.Property("ParamName").EqualTo(name));

    [Test]
    public void CallsLeaveNothingBehind()
    {
        using var stft = new Stft(1000, 16, 8, 16);
        using var x = Noise.Normal([1, 50]);
        using var half = Noise.Normal([1, 50, 2], dtype: ScalarType.Float16);
        using var spectrum = stft.call(x);
        LeakCheck.IsClean(() => stft.call(x));
        LeakCheck.IsClean(() => stft.call(half));
        LeakCheck.IsClean(() => Functional.SpectralMagnitude(spectrum, 0.5, log: true));
    }
}
