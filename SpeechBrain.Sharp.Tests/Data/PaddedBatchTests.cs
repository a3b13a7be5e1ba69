using NUnit.Framework;
using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Data;

public sealed class PaddedBatchTests
{
    private static readonly (string Id, float[] Wave, long[] Tokens)[] Items =
        [("a", [1, 2, 3, 4], [5]), ("b", [6], [7, 8]), ("c", [9, 10, 11], [])];

    [TestCaseSource(typeof(Devices), nameof(Devices.All))]
    public void PadsAtTheEndWithZeros(DeviceType type)
    {
        var device = Devices.Require(type);
        using var host = PaddedBatch.Collate(Items);
        using var batch = host.ToDevice(device);

        Assert.That(batch.Ids, Is.EqualTo(new[] { "a", "b", "c" }));
        Assert.That(batch.Count, Is.EqualTo(3));
        AssertTensor(batch.Waves, [3, 4], new float[] { 1, 2, 3, 4, 6, 0, 0, 0, 9, 10, 11, 0 });
        AssertTensor(batch.Tokens, [3, 2], new long[] { 5, 0, 7, 8, 0, 0 });
        Assert.That(batch.WaveLengths, Is.EqualTo(new long[] { 4, 1, 3 }));
        Assert.That(batch.TokenLengths, Is.EqualTo(new long[] { 1, 2, 0 }));
        AssertTensor(batch.DeviceWaveLengths, [3], batch.WaveLengths);
        AssertTensor(batch.DeviceTokenLengths, [3], batch.TokenLengths);
        AssertTensor(batch.RelativeWaveLengths, [3], new[] { 1f, 0.25f, 0.75f });
        AssertTensor(batch.RelativeTokenLengths, [3], new[] { 0.5f, 1f, 0f });
        Assert.That(batch.Waves.device_type, Is.EqualTo(type));

        static void AssertTensor<T>(Tensor tensor, long[] shape, T[] values)
            where T : unmanaged
        {
            Assert.That(tensor.shape, Is.EqualTo(shape));
            using var cpu = tensor.cpu();
            Assert.That(cpu.data<T>().ToArray(), Is.EqualTo(values));
        }
    }

    [Test]
    public void ABatchOfOneHasRelativeLengthOne()
    {
        using var batch = PaddedBatch.Collate([("a", new float[12345], [1, 2, 3])]);
        Assert.That(batch.RelativeWaveLengths.item<float>(), Is.EqualTo(1f));
        Assert.That(batch.RelativeTokenLengths.item<float>(), Is.EqualTo(1f));
    }

    [Test]
    public void RelativeLengthsGiveTheAbsoluteOnesBack()
    {
        // The rule of the house: round half to even of relative * T, in float32.
        var items = Enumerable.Range(1, 300).Select(i => ($"{i}", new float[i * 37], Array.Empty<long>())).ToArray();
        using var batch = PaddedBatch.Collate(items);
        using var back = batch.RelativeWaveLengths.mul(batch.Waves.shape[1]);
        using var rounded = back.round();
        Assert.That(rounded.data<float>().ToArray(), Is.EqualTo(batch.WaveLengths.Select(length => (float)length)));
    }

    [Test]
    public void DisposeFreesEverything() => LeakCheck.IsClean(() =>
    {
        using var batch = PaddedBatch.Collate(Items);
        using var copy = batch.ToDevice(CPU);
    });

    [Test]
    public void ABatchOutlivesTheScopeItWasMadeIn()
    {
        PaddedBatch batch;
        using (NewDisposeScope())
            batch = PaddedBatch.Collate(Items);
        using (batch)
            Assert.That(batch.Waves.IsInvalid, Is.False);
    }

    [Test]
    public void ACopyLivesOnItsOwn()
    {
        var batch = PaddedBatch.Collate(Items);
        using var copy = batch.ToDevice(CPU);
        batch.Dispose();
        Assert.That(copy.Waves.data<float>().ToArray()[..4], Is.EqualTo(new float[] { 1, 2, 3, 4 }));
    }

    [Test]
    public void EmptyInputIsRefused()
    {
        Assert.That(() => PaddedBatch.Collate([]), Throws.ArgumentException.With.Message.Contains("at least one"));
        Assert.That(() => PaddedBatch.Collate([("silent", [], [1])]), Throws.ArgumentException.With.Message.Contains("'silent'"));
    }

    [Test]
    public void NullsAreRefused()
    {
        Assert.That(() => PaddedBatch.Collate([("a", null!, [1])]), Throws.ArgumentException.With.Message.Contains("'a'"));
        Assert.That(() => PaddedBatch.Collate([("a", [1], null!)]), Throws.ArgumentException.With.Message.Contains("'a'"));
    }
}
