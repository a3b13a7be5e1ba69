using NUnit.Framework;
using SpeechBrain.Sharp.Augment;
using SpeechBrain.Sharp.Tests.Testing;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.KnownIssues;

/// <summary>
/// https://github.com/speechbrain/speechbrain/issues/1598 and v1.1.0's AddNoise: the level of noise is taken over the padding too and divided by the
/// valid length, so an utterance that fills half of its row gets noise 3 dB too quiet.
/// </summary>
[TestFixture]
public sealed class NoiseLevelOfPadded
{
    private static IEnumerable<TestCaseData> Sources()
    {
        yield return Row("white", () => new WhiteNoise());
        yield return Row("pink", () => new PinkNoise());
        yield return Row("babble", () => new BabbleNoise(2));
        yield return Row("bank", () => new BankNoise(Bank(4000)));
        yield return Row("repeated bank", () => new BankNoise(Bank(300), padNoise: true));

        static TestCaseData Row(string name, Func<NoiseSource> make) => new TestCaseData(make).SetArgDisplayNames(name);
        static NoiseBank Bank(long length)
        {
            using var scope = NewDisposeScope();
            return new NoiseBank([Noise.Normal([length], 8), Noise.Normal([length + 77], 9) * 0.01], 16000);
        }
    }

    [TestCaseSource(nameof(Sources))]
    public void TheRatioIsThatOfTheValidSamples(Func<NoiseSource> make)
    {
        using var scope = NewDisposeScope();
        using var op = new AddNoise(make(), -10, 30);
        // What lies in the padding is loud; it must have no part.
        var data = Noise.Normal([4, 2000, 2], 5) * 0.1;
        long[] lengths = [2000, 1000, 700, 1999];
        for (int i = 0; i < lengths.Length; i++)
            data[i].narrow(0, lengths[i], 2000 - lengths[i]).fill_(50);
        using var batch = new AugmentedBatch(data, lengths);
        var parameters = op.Sample(new Generator(4), batch);
        Assert.That(parameters.Snr.Distinct().Count(), Is.EqualTo(4), "a ratio an example");
        var y = op.Apply(batch, parameters).Data;
        for (int i = 0; i < lengths.Length; i++)
            for (int channel = 0; channel < 2; channel++)
            {
                double amplitude = Math.Pow(10, parameters.Snr[i] / 20), share = amplitude / (amplitude + 1);
                var clean = data[i].narrow(0, 0, lengths[i]).select(1, channel).to(ScalarType.Float64) * share;
                var noise = y[i].narrow(0, 0, lengths[i]).select(1, channel).to(ScalarType.Float64) - clean;
                double ratio = 10 * Math.Log10(clean.square().sum().item<double>() / noise.square().sum().item<double>());
                Assert.That(ratio, Is.EqualTo(parameters.Snr[i]).Within(0.01), $"example {i}, channel {channel}");
            }
    }
}
