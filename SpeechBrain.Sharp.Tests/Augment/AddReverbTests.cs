using NUnit.Framework;
using SpeechBrain.Sharp.Augment;
using SpeechBrain.Sharp.Augment.Signal;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Augment;

[TestFixture]
public sealed class AddReverbTests
{
    [TestCase(50, 10)]
    [TestCase(3000, 700)]
    [TestCase(300, 900)]
    public void EachExampleIsInItsOwnRoom(long time, long taps)
    {
        using var scope = NewDisposeScope();
        double[][] rooms = [Room(taps, taps / 3, 1), Room(taps / 2, 0, 2), Room(taps, taps - 1, 3)];
        using var op = new AddReverb(Bank(rooms), rescaleAmp: null);
        var x = Noise.Normal([4, time], 5, ScalarType.Float64);
        var y = op.Apply(new AugmentedBatch(x), new AddReverbParameters([2, 0, 1, 0])).Data;
        int[] chosen = [2, 0, 1, 0];
        for (int i = 0; i < 4; i++)
            Numbers.AssertClose(Numbers.Values(y[i]), Plain(Numbers.Values(x[i]), rooms[chosen[i]]), 1e-9, 1e-9);
    }

    [Test]
    public void ALoneDirectSoundChangesNothingWhereverItStands()
    {
        using var scope = NewDisposeScope();
        double[] late = new double[100];
        late[60] = -0.5;
        using var op = new AddReverb(Bank([1], late, [0, 0, 2]), rescaleAmp: null);
        var x = Noise.Normal([3, 500, 2]);
        var y = op.Apply(new AugmentedBatch(x), new AddReverbParameters([0, 1, 2])).Data;
        Numbers.AssertClose(Numbers.Values(y[0]), Numbers.Values(x[0]), 1e-5, 1e-6);
        Numbers.AssertClose(Numbers.Values(y[1]), Numbers.Values(x[1] * -0.5), 1e-5, 1e-6);
        Numbers.AssertClose(Numbers.Values(y[2]), Numbers.Values(x[2] * 2), 1e-5, 1e-6);
    }

    [TestCase(AmplitudeType.Avg)]
    [TestCase(AmplitudeType.Rms)]
    [TestCase(AmplitudeType.Peak)]
    public void TheLevelOfTheValidSamplesStays(AmplitudeType ampType)
    {
        using var scope = NewDisposeScope();
        using var op = new AddReverb(Bank(Room(200, 20, 1)), ampType);
        using var batch = new AugmentedBatch(Noise.Normal([2, 1000]), [1000, 400]);
        var y = op.Apply(batch, op.Sample(new Generator(1), batch)).Data;
        for (int i = 0; i < 2; i++)
        {
            var clean = batch.Data.narrow(0, i, 1).narrow(1, 0, batch.Lengths[i]);
            var wet = y.narrow(0, i, 1).narrow(1, 0, batch.Lengths[i]);
            double expected = Functional.ComputeAmplitude(clean, null, ampType).item<float>();
            Assert.That(Functional.ComputeAmplitude(wet, null, ampType).item<float>(), Is.EqualTo(expected).Within(1e-4 * expected));
        }
    }

    [Test]
    public void CircularIsSpeechBrains()
    {
        using var scope = NewDisposeScope();
        double[] room = Room(30, 4, 1);
        using var op = new AddReverb(Bank(room, Room(60, 9, 2)), circular: true, perBatch: true);
        var x = Noise.Normal([3, 200, 2], 4, ScalarType.Float64);
        var y = op.Apply(new AugmentedBatch(x), new AddReverbParameters([0])).Data;
        var expected = Functional.Reverberate(x, tensor(room, ScalarType.Float64), AmplitudeType.Avg, circular: true);
        Numbers.AssertClose(Numbers.Values(y), Numbers.Values(expected), 1e-9, 1e-9);
    }

    [Test]
    public void StretchedResponsesRingLonger()
    {
        using var scope = NewDisposeScope();
        using var bank = new RirBank([tensor(new[] { 1.0, 0.5, 0, 0.25 }, ScalarType.Float64)], 16000, rirScaleFactor: 2);
        Assert.That(bank.Taps, Is.EqualTo(8));
        // Sample j lies at (j + 1/2) / 2 - 1/2 of the source.
        Numbers.AssertClose(
            Numbers.Values(bank.Responses(ScalarType.Float64, CPU)), [1, 0.875, 0.625, 0.375, 0.125, 0.0625, 0.1875, 0.25], 0, 1e-12);
    }

    [Test]
    public void BadArgumentsAreRefused()
    {
        using var scope = NewDisposeScope();
        Refusal.Of(() => _ = new RirBank([], 16000), "at least one recording");
        Refusal.Of(() => _ = new RirBank([zeros(0)], 16000), "recordings[0] holds no sample");
        Refusal.Of(() => _ = new RirBank([zeros(2, 3)], 16000), "[time]");
        Refusal.Of(() => _ = new RirBank([ones(3)], 16000, double.NaN), "rirScaleFactor");
        Refusal.Of(() => _ = new RirBank([ones(3)], 16000, 0.1), "rirScaleFactor leaves nothing");
        Refusal.Of(() => _ = new RirBank([ones(3), zeros(3)], 16000), "recordings[1] is silent");
        Refusal.Of(() => _ = new RirBank([tensor(new[] { 1f, float.NaN })], 16000), "recordings[0] holds NaN");
        Refusal.Of(() => _ = new RirBank([ones(3)], 0), "sampleRate");
        Refusal.Of(() => _ = new AddReverb(null!), "bank");
        using var op = new AddReverb(Bank([1]));
        Refusal.Of(() => op.Apply(new AugmentedBatch(ones(2, 9)), new AddReverbParameters([1])), "must lie in [0, 0]");
        Refusal.Of(() => op.Apply(new AugmentedBatch(ones(2, 9)), new AddReverbParameters([0, 0, 0])), "3 values for a batch of 2");
    }

    private static RirBank Bank(params double[][] rooms) => new([.. rooms.Select(room => tensor(room, ScalarType.Float64))], 16000);

    private static double[] Room(long taps, long direct, ulong seed)
    {
        double[] room = [.. Numbers.Values(Noise.Normal([taps], seed)).Select((value, i) => Math.Clamp(value, -2, 2) * Math.Exp(-5.0 * i / taps))];
        room[direct] = 3;
        return room;
    }

    // y[t] = sum of x[t + direct - k] h[k]
    private static double[] Plain(double[] x, double[] room)
    {
        int direct = Array.IndexOf(room, room.MaxBy(Math.Abs));
        return [.. x.Select((_, t) => room.Select((h, k) => t + direct - k is var i && i >= 0 && i < x.Length ? x[i] * h : 0).Sum())];
    }
}
