using NUnit.Framework;
using SpeechBrain.Sharp.Augment;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Augment;

[TestFixture]
public sealed class AddNoiseTests
{
    [TestCase(true)]
    [TestCase(false)]
    public void IsThePlainSum(bool normalize)
    {
        using var scope = NewDisposeScope();
        var noise = Noise.Normal([3, 400, 2], 9);
        using var op = new AddNoise(new GivenNoise(noise), -20, 20, normalize);
        using var batch = new AugmentedBatch(Noise.Normal([3, 400, 2], 8), [400, 100, 333]);
        var parameters = op.Sample(new Generator(1), batch);
        var expected = PlainNoise.Add(batch.Data, noise, batch.Lengths, batch.Lengths, parameters.Snr, normalize);
        Numbers.AssertClose(Numbers.Values(op.Apply(batch, parameters).Data), Numbers.Values(expected), 1e-4, 1e-5);
    }

    [Test]
    public void EachExampleHasItsOwnRecordingAndStart()
    {
        using var scope = NewDisposeScope();
        // Recording r holds r + 1 at every sample but a ramp that tells the place.
        using var bank = new NoiseBank([arange(1000, ScalarType.Float32) + 1, arange(1000, ScalarType.Float32) + 5001], 16000);
        using var source = new BankNoise(bank);
        using var batch = new AugmentedBatch(ones(8, 100), [100, 100, 100, 100, 100, 100, 100, 40]);
        var draw = source.Draw(new Generator(2), batch.Shape, perBatch: false);
        Assert.That(draw.File.Distinct().Count(), Is.EqualTo(2));
        Assert.That(draw.Start.Distinct().Count(), Is.GreaterThan(5));
        Assert.That(draw.Start, Is.All.InRange(0L, 960L));
        var noise = source.Make(draw, batch, Numbered(source, draw, batch), ScalarType.Float32);
        for (int i = 0; i < 8; i++)
            Assert.That(
                Numbers.Values(noise[i].narrow(0, 0, batch.Lengths[i])),
                Is.EqualTo(Enumerable.Range(0, (int)batch.Lengths[i]).Select(t => draw.File[i] * 5000 + draw.Start[i] + t + 1.0)));
    }

    [Test]
    public void AShortRecordingEndsOrBeginsAnew()
    {
        using var scope = NewDisposeScope();
        var draw = new BankNoiseDraw([0, 1], [2]);
        using var batch = new AugmentedBatch(ones(2, 7));
        using var ending = new BankNoise(Ramps());
        Assert.That(
            Numbers.Values(ending.Make(draw, batch, Numbered(ending, draw, batch), ScalarType.Float32)),
            Is.EqualTo(new double[] { 3, 4, 0, 0, 0, 0, 0, 103, 104, 105, 0, 0, 0, 0 }));
        Assert.That(ending.Coverage(draw, batch.Shape, 0), Is.EqualTo(2.0 / 7));
        using var repeating = new BankNoise(Ramps(), padNoise: true);
        Assert.That(
            Numbers.Values(repeating.Make(draw, batch, Numbered(repeating, draw, batch), ScalarType.Float32)),
            Is.EqualTo(new double[] { 3, 4, 1, 2, 3, 4, 1, 103, 104, 105, 101, 102, 103, 104 }));

        static NoiseBank Ramps() => new([arange(4, ScalarType.Float32) + 1, arange(5, ScalarType.Float32) + 101], 16000);
    }

    [Test]
    public void AFixedStartIsTaken()
    {
        using var scope = NewDisposeScope();
        using var source = new BankNoise(new NoiseBank([ones(100)], 16000), startIndex: 30);
        Assert.That(source.Draw(new Generator(1), new BatchShape([4, 50], [50, 50, 50, 50]), perBatch: false).Start, Is.All.EqualTo(30));
    }

    [Test]
    public void BabbleIsTheSumOfOthers()
    {
        using var scope = NewDisposeScope();
        using var source = new BabbleNoise(2);
        using var batch = new AugmentedBatch(tensor(new float[,] { { 1, 1 }, { 10, 10 }, { 100, 100 }, { 1000, 1000 } }), [2, 2, 1, 2]);
        var draw = source.Draw(new Generator(5), batch.Shape, perBatch: false);
        for (int i = 0; i < 4; i++)
        {
            Assert.That(draw.Speakers[i], Has.Count.EqualTo(2).And.None.EqualTo(i));
            Assert.That(draw.Speakers[i], Is.Unique);
        }
        double[] values = Numbers.Values(source.Make(draw, batch, Numbered(source, draw, batch), ScalarType.Float32));
        double[] levels = [1, 10, 100, 1000];
        for (int i = 0; i < 4; i++)
        {
            Assert.That(values[2 * i], Is.EqualTo(draw.Speakers[i].Sum(s => levels[s])));
            Assert.That(values[2 * i + 1], Is.EqualTo(draw.Speakers[i].Where(s => s != 2).Sum(s => levels[s])), "the third has ended");
        }
    }

    [Test]
    public void AnExampleAloneHasNoBabble()
    {
        using var scope = NewDisposeScope();
        using var op = new AddNoise(new BabbleNoise());
        using var batch = new AugmentedBatch(ones(1, 50));
        var y = op.Apply(batch, op.Sample(new Generator(1), batch)).Data;
        Assert.That(Numbers.Values(y), Is.All.EqualTo(0.5), "the clean part at 0 dB");
    }

    [Test]
    public void PinkOfExponentZeroIsWhite()
    {
        using var scope = NewDisposeScope();
        foreach (long time in (long[])[1, 3, 4, 5, 64, 65])
        {
            var white = Noise.Normal([2, time, 2], 1, ScalarType.Float64);
            Numbers.AssertClose(
                Numbers.Values(Functional.PinkNoise(white, zeros([1], ScalarType.Float64))), Numbers.Values(white), 1e-9, 1e-12);
        }
    }

    [Test]
    public void OneDrawHoldsForTheBatchWhereAsked()
    {
        using var scope = NewDisposeScope();
        using var op = new AddNoise(null, 0, 20, perBatch: true);
        using var batch = new AugmentedBatch(ones(3, 50));
        var parameters = op.Sample(new Generator(1), batch);
        Assert.That(parameters.Snr, Has.Exactly(1).Items);
        var y = op.Apply(batch, parameters).Data;
        Assert.That(Numbers.Values(y[2]), Is.EqualTo(Numbers.Values(y[0])));
    }

    [Test]
    public void PinkNoiseOfAnEmptyBatchIsEmpty() =>
        Assert.That(Functional.PinkNoise(zeros(0, 100), ones(1)).shape, Is.EqualTo(new long[] { 0, 100 }));

    [Test]
    public void BadArgumentsAreRefused()
    {
        using var scope = NewDisposeScope();
        Refusal.Of(() => _ = new AddNoise(null, double.NaN, 0), "snrLow");
        Refusal.Of(() => _ = new AddNoise(null, 0, double.PositiveInfinity), "snrHigh");
        Refusal.Of(() => _ = new AddNoise(null, 5, 0), "snrHigh must be a finite number in [5,");
        Refusal.Of(() => _ = new BabbleNoise(0), "speakerCount");
        Refusal.Of(() => _ = new PinkNoise(2, 1), "alphaHigh");
        Refusal.Of(() => _ = new BankNoise(new NoiseBank([ones(2)], 16000), startIndex: -1), "startIndex");
        using var op = new AddNoise();
        using var batch = new AugmentedBatch(ones(2, 50));
        var drawn = op.Sample(new Generator(1), batch);
        Refusal.Of(() => op.Apply(batch, drawn with { Snr = [double.NaN] }), "Snr");
        Refusal.Of(() => op.Apply(batch, drawn with { Snr = [1, 2, 3] }), "3 values for a batch of 2");
        Refusal.Of(() => op.Apply(batch, drawn with { Noise = new BankNoiseDraw([0], [0]) }), "takes a WhiteNoiseDraw");
        Refusal.Of(() => op.Apply(new AugmentedBatch(ones(2, 60)), drawn), "Block.Time");
        Refusal.Of(() => Functional.PinkNoise(ones(2, 8), ones(3)), "one for each example");
        foreach (string noise in (string[])["{}", "null", """{"kind":"loud"}""", """{"kind":"bank","file":[0],"start":null}"""])
            Refusal.Of(() => op.ParametersFromJson($$"""{"snr":[1],"noise":{{noise}}}"""), "not a draw of AddNoise");
        using var chunks = new DropChunk();
        Refusal.Of(() => chunks.ParametersFromJson("""{"chunks":[null],"noise":null}"""), "a list holds null");
    }

    private static Tensor Numbered(NoiseSource source, NoiseDraw draw, AugmentedBatch batch)
    {
        double[][] rows = source.Numbers(draw, batch.Shape);
        return tensor(rows.SelectMany(row => row).ToArray(), [rows.Length, rows[0].Length], ScalarType.Float64);
    }
}
