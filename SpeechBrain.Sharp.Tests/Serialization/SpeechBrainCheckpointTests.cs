using System.Numerics;
using NUnit.Framework;
using SpeechBrain.Sharp.Serialization;
using SpeechBrain.Sharp.Tests.Golden;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Serialization;

[TestFixture]
public sealed class SpeechBrainCheckpointTests
{
    private static readonly ScalarType[] Dtypes =
    [
        ScalarType.Float64, ScalarType.Float32, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Int64, ScalarType.Int32, ScalarType.Int16,
        ScalarType.Int8, ScalarType.Byte, ScalarType.Bool, ScalarType.ComplexFloat32, ScalarType.ComplexFloat64,
    ];

    private TestFolder folder = null!;
    private DisposeScope scope = null!;

    [SetUp]
    public void SetUp()
    {
        folder = new TestFolder();
        scope = NewDisposeScope();
    }

    [TearDown]
    public void TearDown()
    {
        scope.Dispose();
        folder.Dispose();
    }

    [TestCaseSource(nameof(Dtypes))]
    public void EveryTypeComesBackAsItWas(ScalarType dtype)
    {
        var values = tensor([0.0, 1, 0, 3.140625, 100, 42], dtype: ScalarType.Float64).to(dtype).reshape(2, 3);
        SpeechBrainCheckpoint.Save(folder["a.ckpt"], values);

        var read = (Tensor)SpeechBrainCheckpoint.Load(folder["a.ckpt"])!;

        Assert.That(read.dtype, Is.EqualTo(dtype));
        Assert.That(read.shape, Is.EqualTo(values.shape));
        Assert.That(read.bytes.ToArray(), Is.EqualTo(values.bytes.ToArray()));
    }

    [Test]
    public void PlainValuesAndContainersComeBack()
    {
        var value = new OrderedDictionary<object, object?>
        {
            ["none"] = null,
            ["flags"] = new List<object?> { true, false },
            ["numbers"] = new object?[] { 0L, -1L, 255L, 65536L, int.MinValue - 1L, long.MaxValue, BigInteger.Pow(2, 70), 1.5, double.NaN },
            ["text"] = "naïve ☕ 😀",
            ["bytes"] = new byte[] { 0, 127, 128, 255 },
            ["set"] = new HashSet<object> { 1L, "two" },
            ["empty"] = new object?[]
            {
                new List<object?>(), Array.Empty<object?>(), new OrderedDictionary<object, object?>(), "", Array.Empty<byte>(),
            },
            [7L] = "a number as key",
        };
        SpeechBrainCheckpoint.Save(folder["a.ckpt"], value);

        var read = (OrderedDictionary<object, object?>)SpeechBrainCheckpoint.Load(folder["a.ckpt"])!;

        Assert.That(read.Keys, Is.EqualTo(value.Keys), "in order");
        foreach (object key in value.Keys)
        {
            Assert.That(read[key], Is.EqualTo(value[key]), $"{key}");
            Assert.That(read[key]?.GetType(), Is.EqualTo(value[key]?.GetType()), $"{key}");
        }
    }

    [Test]
    public void ManagedListsAndNarrowNumbersAreWrittenAsPythonHasThem()
    {
        SpeechBrainCheckpoint.Save(folder["a.ckpt"], new Dictionary<string, object?> { ["losses"] = new[] { 0.5f, 1.5f }, ["steps"] = 3 });
        var read = (OrderedDictionary<object, object?>)SpeechBrainCheckpoint.Load(folder["a.ckpt"])!;
        Assert.That(read["losses"], Is.EqualTo(new List<object?> { 0.5, 1.5 }));
        Assert.That(read["steps"], Is.EqualTo(3L));
    }

    [Test]
    public void ViewsScalarsAndEmptyTensorsAreWrittenContiguous()
    {
        var matrix = arange(12, dtype: ScalarType.Float32).reshape(3, 4);
        var tensors = new Dictionary<string, Tensor>
        {
            ["transposed"] = matrix.t(),
            ["column"] = matrix.narrow(1, 2, 1),
            ["scalar"] = tensor(2.5),
            ["empty"] = zeros(0, 3, dtype: ScalarType.Int16),
            ["expanded"] = tensor([7L]).expand(2, 3),
        };
        SpeechBrainCheckpoint.Save(folder["a.ckpt"], tensors);

        var read = SpeechBrainCheckpoint.LoadStateDict(folder["a.ckpt"]);

        Assert.That(read.Keys, Is.EqualTo(tensors.Keys));
        foreach (string key in tensors.Keys)
            Assert.That(TensorComparison.Difference(tensors[key].contiguous(), read[key], 0, 0), Is.Null, key);
    }

    [Test]
    public void OneTensorUnderTwoNamesIsWrittenOnce()
    {
        var tied = arange(4, dtype: ScalarType.Float32);
        SpeechBrainCheckpoint.Save(folder["a.ckpt"], new Dictionary<string, Tensor> { ["in"] = tied, ["out"] = tied });
        var read = SpeechBrainCheckpoint.LoadStateDict(folder["a.ckpt"]);
        read["in"].fill_(9);
        Assert.That(Numbers.Values(read["out"]), Is.EqualTo(new double[] { 9, 9, 9, 9 }), "shared memory");
    }

    [Test]
    public void OffsetsStridesAndSharedStoragesAreRead()
    {
        byte[] pickle = new HandPickle().Op("]").Op("(").Storage().Op("0")
            .View(0, [2, 3], [3, 1]).View(1, [2, 2], [1, 3]).View(5, [], []).View(2, [4], [0]).View(6, [0], [1]).Op("e").Stop();
        HandPickle.Write(folder["a"], pickle, HandPickle.Floats(6));

        var read = ((List<object?>)SpeechBrainCheckpoint.Load(folder["a"])!).Cast<Tensor>().ToList();

        Assert.That(Numbers.Values(read[0]), Is.EqualTo(new double[] { 0, 1, 2, 3, 4, 5 }));
        Assert.That(Numbers.Values(read[1]), Is.EqualTo(new double[] { 1, 4, 2, 5 }));
        Assert.That(read[3].stride(), Is.EqualTo(new long[] { 0 }));
        Assert.That(Numbers.Values(read[2]), Is.EqualTo(new double[] { 5 }));
        Assert.That(Numbers.Values(read[3]), Is.EqualTo(new double[] { 2, 2, 2, 2 }));
        Assert.That(read[4].shape, Is.EqualTo(new long[] { 0 }));
        read[0].fill_(1);
        Assert.That(Numbers.Values(read[2]), Is.EqualTo(new double[] { 1 }), "shared memory");
    }

    [Test]
    public void NumbersOfAStateDictBecomeTensors()
    {
        SpeechBrainCheckpoint.Save(folder["a"], new Dictionary<string, object?> { ["count"] = 87L, ["rate"] = 0.5, ["flag"] = true });
        var read = SpeechBrainCheckpoint.LoadStateDict(folder["a"]);
        Assert.That((read["count"].dtype, read["count"].item<long>()), Is.EqualTo((ScalarType.Int64, 87L)));
        Assert.That((read["rate"].dtype, read["rate"].item<double>()), Is.EqualTo((ScalarType.Float64, 0.5)));
        Assert.That((read["flag"].dtype, read["flag"].item<bool>()), Is.EqualTo((ScalarType.Bool, true)));
    }

    [Test]
    public void AStateDictOfOtherThingsIsRefusedByKey()
    {
        SpeechBrainCheckpoint.Save(folder["a"], new Dictionary<string, object?> { ["state_dict"] = new Dictionary<string, Tensor>() });
        Assert.That(() => SpeechBrainCheckpoint.LoadStateDict(folder["a"]),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("'state_dict' holds a dict").And.Message.Contains(folder["a"]));
        SpeechBrainCheckpoint.Save(folder["a"], 1);
        Assert.That(() => SpeechBrainCheckpoint.LoadStateDict(folder["a"]),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("dictionary"));
    }

    [Test]
    public void ContainersThatHoldEachOtherAreRead()
    {
        // l = []; l.append(l)
        HandPickle.Write(folder["a"], new HandPickle().Op("]").Op((byte)'q', 0).Op((byte)'h', 0).Op("a").Stop());
        var list = (List<object?>)SpeechBrainCheckpoint.Load(folder["a"])!;
        Assert.That(list[0], Is.SameAs(list));
        Assert.That(() => SpeechBrainCheckpoint.Save(folder["b"], list), Throws.ArgumentException.With.Message.Contains("hold itself"));
    }

    [Test]
    public void WhatHasNoPlaceIsNotWritten()
    {
        Refusal.Of(() => SpeechBrainCheckpoint.Save(folder["a"], new Dictionary<string, object?> { ["x"] = new Uri("http://a") }), "'x' is Uri");
        var dead = zeros(1);
        dead.Dispose();
        Refusal.Of(() => SpeechBrainCheckpoint.Save(folder["a"], new Dictionary<string, object?> { ["x"] = dead }),
            "'x' is a tensor that was disposed");
        Refusal.Of(() => SpeechBrainCheckpoint.Save(folder["a"], "\ud800"), "surrogate");
        Assert.That(folder.Files, Is.Empty);
    }

    /// <summary>What could be written and not read again would be noticed when it is needed.</summary>
    [Test]
    public void KeysThatCouldNotBeReadAreNotWritten()
    {
        foreach (object key in (object[])[ones(1), new object?[] { 1L, 2L }, new List<object?>(), new byte[] { 1 }])
        {
            Refusal.Of(() => SpeechBrainCheckpoint.Save(folder["a"], new Dictionary<object, object?> { [key] = 1L }), "a key of the value is");
            Refusal.Of(() => SpeechBrainCheckpoint.Save(folder["a"], new HashSet<object> { key }), "items of sets can be text and numbers");
        }
        Assert.That(folder.Files, Is.Empty);
    }

    [Test]
    public void LoadingLeaksNothing()
    {
        SpeechBrainCheckpoint.Save(folder["a"], new Dictionary<string, Tensor> { ["x"] = ones(3), ["y"] = ones(2, 2) });
        LeakCheck.IsClean(() =>
        {
            foreach (var value in SpeechBrainCheckpoint.LoadStateDict(folder["a"]).Values)
                value.Dispose();
        });
        using var linear = nn.Linear(2, 2);
        LeakCheck.IsClean(() => { SpeechBrainCheckpoint.LoadInto(linear, folder["a"], strict: false); });
        HandPickle.Write(folder["b"], HandPickle.Tensor(0, [7], [1]).Stop(), HandPickle.Floats(6));
        LeakCheck.IsClean(() => { Assert.That(() => SpeechBrainCheckpoint.Load(folder["b"]), Throws.TypeOf<InvalidDataException>()); });
    }

    [Test]
    public void TheModelThatSpeechBrainWroteFitsOurs()
    {
        var golden = SpeechBrainCheckpointFolder.Open(Path.Combine(GoldenSet.ShippedFolder, "checkpoint", "CKPT+golden"));
        using var model = new ConformerTransducer(new()
        {
            OutputNeurons = 9,
            DModel = 16,
            JointDim = 12,
            DecDim = 10,
            NMels = 16,
            FrontEndChannels = [4, 3],
            NHead = 4,
            NumEncoderLayers = 2,
            DFfn = 24,
            KernelSize = 5,
            MaxLength = 40,
        });
        var report = SpeechBrainCheckpoint.LoadInto(model, golden.FileOf("model"));
        Assert.That(report.Loaded, Has.Count.EqualTo(model.state_dict().Count));

        SpeechBrainCheckpoint.Save(folder["model.ckpt"], model.state_dict());
        var (theirs, ours) = (SpeechBrainCheckpoint.LoadStateDict(golden.FileOf("model")), SpeechBrainCheckpoint.LoadStateDict(folder["model.ckpt"]));
        Assert.That(ours.Keys, Is.EquivalentTo(theirs.Keys));
        foreach (string key in theirs.Keys)
            Assert.That(TensorComparison.Difference(theirs[key], ours[key], 0, 0), Is.Null, key);
    }

    [Test]
    public void TheFolderThatSpeechBrainWroteIsRead()
    {
        var golden = SpeechBrainCheckpointFolder.Open(Path.Combine(GoldenSet.ShippedFolder, "checkpoint", "CKPT+golden"));
        Assert.That(golden.Names, Is.EqualTo(new[] { "counter", "model", "normalizer", "optimizer", "scheduler" }));
        Assert.That(golden.Meta["WER"], Is.EqualTo(12.5));
        Assert.That(golden.Meta["epoch"], Is.EqualTo(1L));
        Assert.That((golden.EndOfEpoch, golden.UnixTime), Is.EqualTo((true, 1.7e9)));
        Assert.That(() => golden.FileOf("lm"), Throws.TypeOf<FileNotFoundException>().With.Message.Contains("model.ckpt"));
        Assert.That(() => SpeechBrainCheckpointFolder.Open(folder.Path), Throws.TypeOf<InvalidDataException>().With.Message.Contains("CKPT.yaml"));
        Assert.That(() => SpeechBrainCheckpointFolder.Open(folder["none"]), Throws.TypeOf<DirectoryNotFoundException>());
    }

    /// <summary>Archives hold no time of their making, as torch.save's do not: a run repeated is compared byte by byte.</summary>
    [Test]
    public void EqualValuesAreEqualFiles()
    {
        SpeechBrainCheckpoint.Save(folder["a/x.ckpt"], new Dictionary<string, Tensor> { ["w"] = ones(3) });
        using var zip = System.IO.Compression.ZipFile.OpenRead(folder["a/x.ckpt"]);
        Assert.That(zip.Entries.Select(entry => entry.LastWriteTime.DateTime), Is.All.EqualTo(new DateTime(1980, 1, 1)));
    }
}
