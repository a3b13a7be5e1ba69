using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.KnownIssues;

/// <summary>
/// https://github.com/dotnet/TorchSharp, src/TorchAudio/Functional.cs (0.107): torchaudio's resampling computes the phase of each filter by integer
/// division, so all phases are one, and its greatest common divisor of 10 and 9 is 9. A tone resampled from 16000 to 14400 Hz keeps an SNR of
/// 1.4 dB, and 100 samples at 10:9 stay 100.
/// </summary>
[TestFixture]
public sealed class ResamplePhase
{
    [TestCase(16000, 14400)]
    [TestCase(16000, 24000)]
    [TestCase(22050, 16000)]
    public void OfEveryOutputSampleIsItsOwn(long origFreq, long newFreq)
    {
        double f = 440.0 / origFreq;
        using var x = tensor(Enumerable.Range(0, 4000).Select(i => Math.Sin(2 * Math.PI * f * i)).ToArray(), ScalarType.Float32).unsqueeze(0);
        using var y = Functional.Resample(x, origFreq, newFreq);
        double[] values = Numbers.Values(y);
        double signal = 0, noise = 0;
        for (int j = 30; j < values.Length - 30; j++)
        {
            double expected = Math.Sin(2 * Math.PI * f * j * origFreq / newFreq);
            signal += expected * expected;
            noise += (values[j] - expected) * (values[j] - expected);
        }
        Assert.That(10 * Math.Log10(signal / noise), Is.GreaterThan(65), "SNR in dB");
    }

    [TestCase(10, 9, 90)]
    [TestCase(3, 2, 67)]
    public void AndItsLengthAreThoseOfTheRatio(long origFreq, long newFreq, long expected)
    {
        using var y = Functional.Resample(zeros(1, 100), origFreq, newFreq);
        Assert.That(y.shape[1], Is.EqualTo(expected));
    }
}
