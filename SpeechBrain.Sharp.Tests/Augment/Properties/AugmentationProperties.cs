using NUnit.Framework;
using SpeechBrain.Sharp.Augment;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Augment.Properties;

/// <summary>What every augmentation keeps to, tried on all of them.</summary>
[TestFixture]
public sealed class AugmentationProperties
{
    private static IEnumerable<AugmentationCase> All => AugmentationList.All;

    private static IEnumerable<TestCaseData> OnDevices => AugmentationList.OnDevices;

    [Test]
    public void EveryAugmentationIsTried() => Assert.That(AugmentationList.Missing(), Is.Empty, "augmentations without a case in AugmentationList");

    [TestCaseSource(nameof(OnDevices))]
    public void TypeDeviceShapeAndLengthsAreAsDeclared(AugmentationCase c, DeviceType type)
    {
        var device = Devices.Require(type);
        foreach (var dtype in (ScalarType[])[ScalarType.Float32, ScalarType.Float64, ScalarType.BFloat16, ScalarType.Float16])
        {
            using var scope = NewDisposeScope();
            using var augmentation = c.Make(device);
            var batch = Batch(c, dtype, device);
            var parameters = augmentation.Sample(new Generator(7), batch);
            var result = augmentation.Apply(batch, parameters);
            var expected = augmentation.OutputShape(batch.Shape, parameters);
            Assert.That(result.Data.dtype, Is.EqualTo(dtype));
            Assert.That(result.Data.device_type, Is.EqualTo(type));
            Assert.That(result.Shape, Is.EqualTo(expected));
            Assert.That(result.Data.shape, Is.EqualTo(expected.Sizes));
            Assert.That(result.DeviceLengths.cpu().data<long>().ToArray(), Is.EqualTo(expected.Lengths));
            Assert.That(result.Sources, Is.EqualTo(batch.Sources));
            Assert.That(Numbers.Values(result.Data), Has.None.NaN);
            if (!augmentation.ChangesTime)
                Assert.That(result.Shape, Is.EqualTo(batch.Shape), "it is declared not to change time");
        }
    }

    [TestCaseSource(nameof(OnDevices))]
    public void AnExampleAloneEqualsItsRow(AugmentationCase c, DeviceType type)
    {
        using var scope = NewDisposeScope();
        var device = Devices.Require(type);
        using var augmentation = c.Make(device);
        if (augmentation.MixesExamples)
            Assert.Ignore($"{c.Name} is declared to mix examples");
        if (c.DependsOnPadding is { } reason)
            Assert.Ignore($"{c.Name}: {reason}");
        // Padding holds what must not be heard.
        var batch = Batch(c, ScalarType.Float32, device, padding: 100);
        for (ulong seed = 0; seed < 4; seed++)
        {
            var parameters = augmentation.Sample(new Generator(seed), batch);
            var result = augmentation.Apply(batch, parameters);
            for (int i = 0; i < batch.Shape.Batch; i++)
            {
                var alone = new AugmentedBatch(batch.Data.narrow(0, i, 1).narrow(1, 0, batch.Lengths[i]));
                var single = augmentation.Apply(alone, parameters.ForExample(i));
                Assert.That(single.Lengths[0], Is.EqualTo(result.Lengths[i]));
                double[] expected = Numbers.Values(result.Data.narrow(0, i, 1).narrow(1, 0, result.Lengths[i]));
                Numbers.AssertClose(Numbers.Values(single.Data), expected, 0, c.Tolerance * Math.Max(1, expected.Max(Math.Abs)));
            }
        }
    }

    [TestCaseSource(nameof(All))]
    public void ADrawReplaysThroughJson(AugmentationCase c)
    {
        using var scope = NewDisposeScope();
        using var augmentation = c.Make(CPU);
        var batch = Batch(c);
        var parameters = augmentation.Sample(new Generator(11), batch);
        var read = augmentation.ParametersFromJson(parameters.ToJson());
        Assert.That(read, Is.EqualTo(parameters));
        Assert.That(read.GetHashCode(), Is.EqualTo(parameters.GetHashCode()));
        Assert.That(read.ToString(), Is.EqualTo(parameters.ToString()).And.Not.Contain("System."));
        Assert.That(Numbers.Values(augmentation.Apply(batch, read).Data), Is.EqualTo(Numbers.Values(augmentation.Apply(batch, parameters).Data)));
        Assert.That(augmentation.Sample(new Generator(11), batch), Is.EqualTo(parameters), "one seed, one draw");
        Assert.That(
            Enumerable.Range(0, 20).Select(seed => augmentation.Sample(new Generator((ulong)seed), batch)).Distinct().Count(),
            c.DrawsNothing ? Is.EqualTo(1) : Is.GreaterThan(1), "other seeds, other draws");
        Refusal.Of(() => augmentation.ParametersFromJson("{}"), "is not a draw of " + augmentation.Name);
        Refusal.Of(() => augmentation.ParametersFromJson("null"), augmentation.Name);
        Refusal.Of(() => augmentation.Apply(batch, new OtherParameters()), nameof(OtherParameters));
    }

    [TestCaseSource(nameof(All))]
    public void SilenceGivesNoNaNAndPaddingStaysSilent(AugmentationCase c)
    {
        using var scope = NewDisposeScope();
        using var augmentation = c.Make(CPU);
        var batch = Batch(c);
        long last = batch.Shape.Batch - 1;
        long[] lengths = [.. batch.Lengths];
        lengths[last] = 0;
        using var silent = new AugmentedBatch(zeros_like(batch.Data), batch.Lengths);
        using var ended = new AugmentedBatch(batch.Data.clone().index_fill_(0, tensor([last]), 0), lengths);
        for (ulong seed = 0; seed < 4; seed++)
        {
            var quiet = augmentation.Apply(silent, augmentation.Sample(new Generator(seed), silent));
            Assert.That(Numbers.Values(quiet.Data), Has.All.Matches<double>(double.IsFinite));
            var result = augmentation.Apply(ended, augmentation.Sample(new Generator(seed), ended));
            Assert.That(Numbers.Values(result.Data), Has.All.Matches<double>(double.IsFinite));
            for (int i = 0; i <= last; i++)
                Assert.That(
                    Numbers.Values(result.Data.narrow(0, i, 1).narrow(1, result.Lengths[i], result.Shape.Time - result.Lengths[i])),
                    Is.All.Zero, $"padding of example {i}");
        }
    }

    [TestCaseSource(nameof(All))]
    public void GradientsAreRightWhereDeclared(AugmentationCase c)
    {
        using var scope = NewDisposeScope();
        using var augmentation = c.Make(CPU);
        if (!augmentation.IsDifferentiable)
            Assert.Ignore($"{c.Name} is declared not differentiable");
        long time = Math.Min(c.Time, 48);
        var data = Noise.Normal([2, time, .. c.Trailing.Select(n => Math.Min(n, 3))], 3, ScalarType.Float64);
        using var batch = new AugmentedBatch(data, [time, time * 3 / 4]);
        using var silenced = new AugmentedBatch(batch.Silence(data), batch.Lengths);
        var parameters = augmentation.Sample(new Generator(5), silenced);
        GradCheck.Check(a => augmentation.Apply(silenced.With(a[0]), parameters).Data, 1e-6, 1e-4, 1e-6, silenced.Data);
    }

    [TestCaseSource(nameof(All))]
    public void TheInputIsNotWrittenTo(AugmentationCase c)
    {
        using var scope = NewDisposeScope();
        using var augmentation = c.Make(CPU);
        var batch = Batch(c);
        double[] before = Numbers.Values(batch.Data);
        for (ulong seed = 0; seed < 4; seed++)
            augmentation.Apply(batch, augmentation.Sample(new Generator(seed), batch));
        Assert.That(Numbers.Values(batch.Data), Is.EqualTo(before));
    }

    [TestCaseSource(nameof(All))]
    public void NothingIsLeftAlive(AugmentationCase c)
    {
        using var augmentation = c.Make(CPU);
        using var batch = Batch(c);
        var parameters = augmentation.Sample(new Generator(3), batch);
        augmentation.Apply(batch, parameters).Dispose(); // fills caches
        LeakCheck.IsClean(() => { augmentation.Sample(new Generator(3), batch); });
        LeakCheck.IsClean(() =>
        {
            long before = Tensor.TotalCount;
            using var result = augmentation.Apply(batch, parameters);
            Assert.That(Tensor.TotalCount - before, Is.EqualTo(2), "the result and its lengths");
        });
    }

    [TestCaseSource(nameof(OnDevices))]
    [NonParallelizable]
    public void NothingWaitsForTheDevice(AugmentationCase c, DeviceType type)
    {
        using var scope = NewDisposeScope();
        var device = Devices.Require(type);
        using var augmentation = c.Make(device);
        var batch = Batch(c, ScalarType.Float32, device);
        var parameters = augmentation.Sample(new Generator(3), batch);
        augmentation.Apply(batch, parameters);
        using var meter = new OperatorMeter();
        var counts = meter.Count(() => augmentation.Apply(batch, parameters));
        if (!c.ReadsHostMemory || type != DeviceType.CPU)
        {
            Assert.That(counts.Synchronizations, Is.Zero, "waits");
            Assert.That(counts.HostCopies, Is.Zero, "copies to the host");
        }
        Assert.That(counts.DeviceCopies, Is.LessThanOrEqualTo(c.Uploads), "copies to the device");
    }

    [TestCaseSource(nameof(All))]
    [NonParallelizable]
    public void OperatorsDoNotGrowWithTheBatch(AugmentationCase c)
    {
        using var scope = NewDisposeScope();
        using var augmentation = c.Make(CPU);
        using var meter = new OperatorMeter();
        var small = Batch(c, batch: 3);
        var large = Batch(c, batch: 12);
        long few = Operators(small), many = Operators(large);
        Assert.That(many, Is.EqualTo(few), "operators for 3 and for 12 examples");

        long Operators(AugmentedBatch batch)
        {
            var parameters = augmentation.Sample(new Generator(3), batch);
            augmentation.Apply(batch, parameters);
            return meter.Count(() => augmentation.Apply(batch, parameters)).Operators;
        }
    }

    [TestCaseSource(nameof(All))]
    public void WrongBatchesAreRefused(AugmentationCase c)
    {
        using var scope = NewDisposeScope();
        using var augmentation = c.Make(CPU);
        using var batch = Batch(c);
        var parameters = augmentation.Sample(new Generator(3), batch);
        Refusal.Of(() => augmentation.Apply(new AugmentedBatch(zeros([2, 8, 3, 2, 2])), parameters), "[batch, time]");
        Refusal.Of(() => augmentation.Apply(new AugmentedBatch(zeros([2, 8], ScalarType.Int64)), parameters), "float32");
        Assert.That(() => augmentation.Sample(null!, batch), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => augmentation.Apply(null!, parameters), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => augmentation.Apply(batch, (AugmentationParameters)null!), Throws.InstanceOf<ArgumentException>());
        if ((augmentation.Layouts & AugmentationLayouts.BatchTime) == 0)
            Refusal.Of(() => augmentation.Sample(new Generator(), new BatchShape([2, 8], [8, 8])), augmentation.Name);
        if ((augmentation.Layouts & AugmentationLayouts.BatchTimeFeaturesChannels) == 0)
            Refusal.Of(() => augmentation.Sample(new Generator(), new BatchShape([2, 8, 3, 2], [8, 8])), augmentation.Name);
    }

    /// <summary>Noise with lengths of 1, 3/4 and 1/2 of time in turn; <paramref name="padding"/> behind them.</summary>
    private static AugmentedBatch Batch(
        AugmentationCase c, ScalarType dtype = ScalarType.Float32, Device? device = null, double padding = 0, int batch = 3)
    {
        using var scope = NewDisposeScope();
        var data = Noise.Normal([batch, c.Time, .. c.Trailing], 2) * 0.1;
        long[] lengths = [.. Enumerable.Range(0, batch).Select(i => c.Time * (4 - i % 3) / 4)];
        using var plain = new AugmentedBatch(ones_like(data), lengths);
        var valid = plain.Silence(plain.Data);
        var filled = data * valid + (1 - valid) * padding;
        return new AugmentedBatch(filled.to(dtype).to(device ?? CPU), lengths).MoveToOuterDisposeScope();
    }

    private sealed record OtherParameters : AugmentationParameters
    {
        public override OtherParameters ForExample(int example) => this;
    }
}
