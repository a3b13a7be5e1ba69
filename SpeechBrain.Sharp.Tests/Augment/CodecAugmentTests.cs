using NUnit.Framework;
using SpeechBrain.Sharp.Augment;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Augment;

[TestFixture]
public sealed class CodecAugmentTests
{
    // The recommendation's tables 1 and 2 in words: within each of eight segments sixteen equal steps, each segment's twice as wide as the one
    // before it; the decoder answers with the middle of the step. Units of 16-bit samples.
    private static IEnumerable<(int From, int To, int Value)> Steps(bool mu)
    {
        int from = mu ? -4 : 0;
        for (int segment = 0; segment < 8; segment++)
        {
            int step = mu ? 8 << segment : 16 << Math.Max(0, segment - 1);
            for (int k = 0; k < 16; k++, from += step)
                yield return (from, from + step, from + step / 2);
        }
    }

    [Test]
    public void EverySampleBecomesTheMiddleOfItsStep([Values(Codec.PcmMulaw, Codec.PcmAlaw)] Codec law)
    {
        bool mu = law == Codec.PcmMulaw;
        var steps = Steps(mu).ToArray();
        Func<int, int> coded = mu ? G711.MuLaw : G711.ALaw;
        for (int sample = -32768; sample <= 32767; sample++)
        {
            // A-law's negative samples are complements, mu-law's are mirrored and loud ones clipped.
            int magnitude = sample >= 0 ? sample : mu ? -sample : -sample - 1;
            var step = steps.FirstOrDefault(s => magnitude >= s.From && magnitude < s.To, steps[^1]);
            Assert.That(coded(sample), Is.EqualTo(sample < 0 ? -step.Value : step.Value), $"sample {sample}");
        }
        int values = Enumerable.Range(-32768, 65536).Select(coded).Distinct().Count();
        Assert.That(values, Is.EqualTo(mu ? 255 : 256), "values of 8 bits; mu-law has two zeros");
    }

    [Test]
    public void TensorsGoThroughTheTable()
    {
        using var scope = NewDisposeScope();
        int[] samples = [-32768, -1000, -1, 0, 1, 5, 1000, 32767];
        var x = tensor(samples.Select(s => s / 32768.0).ToArray()).reshape(2, 4);
        Assert.That(Numbers.Values(Functional.MuLaw(x)), Is.EqualTo(samples.Select(s => G711.MuLaw(s) / 32768.0)));
        Assert.That(Numbers.Values(Functional.ALaw(x)), Is.EqualTo(samples.Select(s => G711.ALaw(s) / 32768.0)));
        double[] odd = Numbers.Values(Functional.MuLaw(tensor([double.PositiveInfinity, double.NegativeInfinity, 7, double.NaN])));
        Assert.That(odd[0], Is.EqualTo(G711.MuLaw(32767) / 32768.0).And.EqualTo(odd[2]).And.EqualTo(-odd[1]));
        Assert.That(odd[3], Is.InRange(-1, 1), "NaN stays inside the table");
        Assert.That(Functional.MuLaw(zeros(0, 3)).shape, Is.EqualTo(new long[] { 0, 3 }));
        Refusal.Of(() => Functional.MuLaw(zeros(3, ScalarType.Int64)), "float32");
    }

    [Test]
    public void EachExampleGoesThroughItsOwnCodec()
    {
        using var scope = NewDisposeScope();
        using var op = new CodecAugment(codecs: [Codec.PcmAlaw, Codec.PcmMulaw]);
        var batch = new AugmentedBatch(Noise.Normal([3, 50]) * 0.1, [50, 40, 30]);
        var y = op.Apply(batch, new CodecAugmentParameters([Codec.PcmMulaw, Codec.PcmAlaw, Codec.PcmMulaw]));
        var expected = batch.Silence(stack([Functional.MuLaw(batch.Data[0]), Functional.ALaw(batch.Data[1]), Functional.MuLaw(batch.Data[2])]));
        Assert.That(Numbers.Values(y.Data), Is.EqualTo(Numbers.Values(expected)));
        Assert.That(op.Sample(new Generator(1), new BatchShape([50, 9], [.. Enumerable.Repeat(9L, 50)])).Codec.Distinct().Count(), Is.EqualTo(2));
    }

    [Test]
    public void WithoutFfmpegItsCodecsAreRefusedWithTheWayOut()
    {
        Assert.That(() => new CodecAugment(ffmpegPath: "/nowhere/ffmpeg"),
            Throws.InstanceOf<FileNotFoundException>().With.Message.Contains("/nowhere/ffmpeg").And.Message.Contains("Codec.PcmMulaw"));
        using var without = new CodecAugment(codecs: [Codec.PcmMulaw], ffmpegPath: "/nowhere/ffmpeg");
    }

    [Test]
    public void FfmpegsCodecsKeepTimeAndSound([Values(Codec.Mp3, Codec.G722)] Codec codec, [Values(1, 2)] long channels)
    {
        using var op = WithFfmpeg(codec);
        using var scope = NewDisposeScope();
        // Noise below 2 kHz, which both codecs carry.
        var low = nn.functional.conv1d(Noise.Normal([3 * channels, 1, 16007]), ones(1, 1, 8) * 0.04).reshape(3, channels, 16000).transpose(1, 2);
        var x = channels == 1 ? low.squeeze(2) : low;
        var batch = new AugmentedBatch(x, [16000, 9000, 0]);
        var y = op.Apply(batch, op.Sample(new Generator(1), batch));
        Assert.That(y.Data.shape, Is.EqualTo(x.shape));
        var valid = batch.Silence(batch.Data);
        double Error(Tensor data) => (data - valid).square().sum().item<float>() / valid.square().sum().item<float>();
        double error = Error(y.Data);
        Assert.That(error, Is.InRange(1e-9, 0.1), "coded, and in line");
        foreach (int shift in new[] { -1, 1 })
            Assert.That(Error(y.Data.roll(shift, 1)), Is.GreaterThan(error), "no other alignment is better");
        var alone = op.Apply(new AugmentedBatch(x.narrow(0, 1, 1).narrow(1, 0, 9000)), new CodecAugmentParameters([codec]));
        Assert.That(Numbers.Values(alone.Data), Is.EqualTo(Numbers.Values(y.Data.narrow(0, 1, 1).narrow(1, 0, 9000))));
        Assert.That(Numbers.Values(y.Data[2]), Is.All.Zero);
        LeakCheck.IsClean(() => op.Apply(batch, new CodecAugmentParameters([codec])).Dispose());
    }

    [Test]
    public void AProgramThatFailsIsNamed()
    {
        if (!File.Exists("/bin/false"))
            Assert.Ignore("there is no /bin/false, a program that fails");
        Assert.That(() => Ffmpeg.Find("/bin/false").RoundTrip(new float[100], 16000, Codec.Mp3),
            Throws.InvalidOperationException.With.Message.Contains("/bin/false").And.Message.Contains("failed with 1"));
    }

    [Test]
    public void BadArgumentsAreRefused()
    {
        using var scope = NewDisposeScope();
        Refusal.Of(() => _ = new CodecAugment(0, [Codec.PcmMulaw]), "sampleRate");
        Refusal.Of(() => _ = new CodecAugment(codecs: []), "codecs is empty");
        Refusal.Of(() => _ = new CodecAugment(codecs: [(Codec)9]), "PcmAlaw");
        using var op = new CodecAugment(codecs: [Codec.PcmMulaw]);
        Refusal.Of(() => op.Apply(new AugmentedBatch(zeros(1, 9)), new CodecAugmentParameters([Codec.G722])), "Codec G722 is not one of");
    }

    private static CodecAugment WithFfmpeg(Codec codec)
    {
        try
        {
            return new CodecAugment(codecs: [codec]);
        }
        catch (FileNotFoundException e)
        {
            Assert.Ignore(e.Message);
            throw;
        }
    }
}
