using System.Buffers.Binary;
using System.Text;
using NUnit.Framework;
using SpeechBrain.Sharp.Serialization;
using SpeechBrain.Sharp.Tests.Golden;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Serialization;

[TestFixture]
public sealed class SafetensorsTests
{
    private static readonly ScalarType[] Dtypes =
    [
        ScalarType.Float64, ScalarType.Float32, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Int64,
        ScalarType.Int32, ScalarType.Int16, ScalarType.Int8, ScalarType.Byte, ScalarType.Bool,
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
        if (dtype is ScalarType.Float64 or ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16)
            values = cat([values, tensor([-1.5, double.PositiveInfinity, double.NegativeInfinity]).to(dtype).reshape(1, 3)], 0);
        else if (dtype is not (ScalarType.Byte or ScalarType.Bool))
            values = values.neg();
        Safetensors.Save(folder["a"], new Dictionary<string, Tensor> { ["x"] = values });

        var read = Safetensors.Load(folder["a"]);

        Assert.That(read.Keys, Is.EqualTo(["x"]));
        Assert.That(TensorComparison.Difference(values, read["x"], 0, 0), Is.Null);
    }

    [Test]
    public void ScalarsEmptyTensorsViewsAndNamesComeBack()
    {
        var matrix = arange(12, dtype: ScalarType.Float32).reshape(3, 4);
        var tensors = new Dictionary<string, Tensor>
        {
            ["scalar"] = tensor(2.5f),
            ["empty"] = zeros(0, dtype: ScalarType.Int64),
            ["rows without columns"] = zeros(3, 0),
            ["transposed"] = matrix.t(),
            ["part"] = matrix.narrow(1, 1, 2),
            ["weights.\"layers\".0/ä"] = ones(2),
            ["with gradient"] = ones(2).requires_grad_(),
        };
        Safetensors.Save(folder["a"], tensors, new Dictionary<string, string> { ["format"] = "pt", ["note"] = "ö \"x\"" });

        using var file = new SafetensorsFile(folder["a"]);
        Assert.That(file.Metadata, Is.EquivalentTo(new Dictionary<string, string> { ["format"] = "pt", ["note"] = "ö \"x\"" }));
        Assert.That(file.Entries.Keys, Is.EquivalentTo(tensors.Keys));
        foreach (var (name, tensor) in tensors)
            Assert.That(TensorComparison.Difference(tensor, file.Read(name), 0, 0), Is.Null, name);
        Assert.That(file.Read("with gradient").requires_grad, Is.False);
    }

    [Test]
    public void AFileWithoutTensorsIsAFile()
    {
        Safetensors.Save(folder["a"], new Dictionary<string, Tensor>());
        Assert.That(Safetensors.Load(folder["a"]), Is.Empty);
    }

    [Test]
    public void TheBytesAreThoseOfTheFormat()
    {
        // Wide types first; the header padded with spaces to a multiple of 8.
        Safetensors.Save(folder["a"], new Dictionary<string, Tensor> { ["b"] = tensor([(byte)7, (byte)8]), ["a"] = tensor([1f]) });
        const string Header = """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[2],"data_offsets":[4,6]}}""";
        string padded = Header.PadRight((Header.Length + 7) / 8 * 8);
        byte[] expected = [(byte)padded.Length, 0, 0, 0, 0, 0, 0, 0, .. Encoding.ASCII.GetBytes(padded), 0, 0, 0x80, 0x3f, 7, 8];
        Assert.That(File.ReadAllBytes(folder["a"]), Is.EqualTo(expected));
    }

    [Test]
    public void FilesThatPythonWroteAreRead()
    {
        foreach (string path in Directory.EnumerateFiles(GoldenSet.ShippedFolder, "*.safetensors"))
        {
            using var file = new SafetensorsFile(path);
            Assert.That(file.Metadata["case"].Replace("/", "__"), Is.EqualTo(Path.GetFileNameWithoutExtension(path)));
        }
        var tensors = Safetensors.Load(Path.Combine(GoldenSet.ShippedFolder, "masks__undo_padding.safetensors"));
        Assert.That(tensors["in.batch"].data<float>().ToArray(), Is.EqualTo(Enumerable.Range(0, 12).Select(i => (float)i)));
        Assert.That(tensors["in.lengths"].data<float>().ToArray(), Is.EqualTo([0.5f, 0.25f]));
    }

    [Test]
    public void AnExistingFileIsReplacedWhole()
    {
        Safetensors.Save(folder["a"], new Dictionary<string, Tensor> { ["x"] = ones(1000) });
        Safetensors.Save(folder["a"], new Dictionary<string, Tensor> { ["y"] = zeros(1) });
        Assert.That(Safetensors.Load(folder["a"]).Keys, Is.EqualTo(["y"]));
        Assert.That(folder.Files, Is.EqualTo(["a"]));
    }

    [Test]
    public void AFailedWriteLeavesNothingBehind()
    {
        File.WriteAllText(folder["taken/file"], "");
        Assert.That(() => Safetensors.Save(folder["taken"], new Dictionary<string, Tensor> { ["x"] = ones(1) }), Throws.InstanceOf<Exception>());
        Assert.That(folder.Files, Is.EqualTo(["taken/file"]));
        Assert.That(
            () => Safetensors.Save(Path.Combine(folder.Path, "none", "a"), new Dictionary<string, Tensor> { ["x"] = ones(1) }),
            Throws.InstanceOf<DirectoryNotFoundException>());
    }

    [Test]
    public void WhatTheFormatCanNotHoldIsRefusedBeforeAnythingIsWritten()
    {
        var complex = ones(2, dtype: ScalarType.ComplexFloat32);
        Assert.That(
            () => Safetensors.Save(folder["a"], new Dictionary<string, Tensor> { ["z"] = complex }),
            Throws.ArgumentException.With.Message.Contains("'z' is ComplexFloat32").And.Message.Contains("F64, F32"));
        Assert.That(
            () => Safetensors.Save(folder["a"], new Dictionary<string, Tensor> { ["__metadata__"] = ones(1) }),
            Throws.ArgumentException.With.Message.Contains("__metadata__"));
        var disposed = ones(1);
        disposed.Dispose();
        Assert.That(
            () => Safetensors.Save(folder["a"], new Dictionary<string, Tensor> { ["gone"] = disposed }),
            Throws.ArgumentException.With.Message.Contains("'gone' is disposed"));
        Assert.That(
            () => Safetensors.Save(folder["a"], new Dictionary<string, Tensor> { ["none"] = null! }),
            Throws.ArgumentException.With.Message.Contains("'none' is null"));
        Assert.That(folder.Files, Is.Empty);
    }

    [Test]
    public void AMissingFileATypoAndAClosedFileAreNamed()
    {
        Assert.That(() => Safetensors.Load(folder["none"]), Throws.InstanceOf<FileNotFoundException>().With.Message.Contains("none"));
        Safetensors.Save(folder["a"], new Dictionary<string, Tensor> { ["weight"] = ones(1) });
        var file = new SafetensorsFile(folder["a"]);
        Assert.That(() => file.Read("wieght"), Throws.InstanceOf<KeyNotFoundException>().With.Message.Contains("'wieght'; it has weight"));
        file.Dispose();
        Assert.That(() => file.Read("weight"), Throws.InstanceOf<ObjectDisposedException>());
    }

    // Each row: the header, how many bytes follow it, and what the message must say.
    [TestCase("""[]""", 0, "does not begin with '{'")]
    [TestCase("""{"a":""", 0, "not JSON")]
    [TestCase("""{} x""", 0, "not JSON")]
    [TestCase("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 2, "not JSON")]
    [TestCase("""{"a":1}""", 0, "'a' is Number")]
    [TestCase("""{"a":{"shape":[1],"data_offsets":[0,1]}}""", 1, "'a' has no dtype")]
    [TestCase("""{"a":{"dtype":"F8","shape":[1],"data_offsets":[0,1]}}""", 1, "dtype 'F8'; known are F64, F32")]
    [TestCase("""{"a":{"dtype":"U8","data_offsets":[0,1]}}""", 1, "no list 'shape'")]
    [TestCase("""{"a":{"dtype":"U8","shape":[1]}}""", 1, "no list 'data_offsets'")]
    [TestCase("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0]}}""", 1, "has 1 data_offsets")]
    [TestCase("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"x":0}}""", 1, "unknown field 'x'")]
    [TestCase("""{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}""", 1, "-1 in 'shape'")]
    [TestCase("""{"a":{"dtype":"U8","shape":[1.5],"data_offsets":[0,1]}}""", 1, "1.5 in 'shape'")]
    [TestCase("""{"a":{"dtype":"U8","shape":["1"],"data_offsets":[0,1]}}""", 1, "in 'shape'")]
    [TestCase("""{"a":{"dtype":"F64","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""", 0, "impossible shape")]
    [TestCase("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}}""", 1, "bytes 1 to 0")]
    [TestCase("""{"a":{"dtype":"U8","shape":[9],"data_offsets":[0,9]}}""", 8, "bytes 0 to 9 of 8")]
    [TestCase("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "needs 8 bytes and has 4")]
    [TestCase(
        """{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""",
        4, "'a' and 'b' share bytes 2 to 3")]
    [TestCase(
        """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}}""",
        3, "bytes 1 to 2, before tensor 'b'")]
    [TestCase("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 3, "bytes 1 to 3, at the end")]
    [TestCase("""{"__metadata__":[]}""", 0, "__metadata__ is Array")]
    [TestCase("""{"__metadata__":{"a":1}}""", 0, "'a' is Number")]
    [TestCase("""{"\ud800":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1, "not JSON")]
    [TestCase("""{"a":{"dtype":"\ud800","shape":[1],"data_offsets":[0,1]}}""", 1, "not JSON")]
    [TestCase("""{"__metadata__":{"a":"\ud800"}}""", 0, "not JSON")]
    public void AMalformedHeaderIsRefusedWithWhatAndWhere(string header, int dataLength, string message)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        Write(folder["bad"], (ulong)json.Length, json, new byte[dataLength]);
        Assert.That(
            () => new SafetensorsFile(folder["bad"]),
            Throws.InstanceOf<InvalidDataException>().With.Message.Contains(message).And.Message.Contains("bad"));
    }

    [Test]
    public void ANameThatIsNoUtf8IsRefused()
    {
        byte[] json = Encoding.UTF8.GetBytes("""{"a?":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""");
        json[3] = 0xFF;
        Write(folder["bad"], (ulong)json.Length, json, new byte[1]);
        Assert.That(() => new SafetensorsFile(folder["bad"]), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("not JSON"));
    }

    [TestCase(new byte[0], "it has 0 bytes")]
    [TestCase(new byte[] { 1, 0, 0, 0, 0, 0, 0 }, "it has 7 bytes")]
    [TestCase(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0 }, "does not begin with '{'")]
    [TestCase(new byte[] { 3, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}' }, "should have 3 bytes; the file has 2")]
    [TestCase(new byte[] { 255, 255, 255, 255, 255, 255, 255, 255, (byte)'{', (byte)'}' }, "should have 18446744073709551615 bytes")]
    public void ATruncatedFileIsRefused(byte[] bytes, string message)
    {
        File.WriteAllBytes(folder["bad"], bytes);
        Assert.That(() => new SafetensorsFile(folder["bad"]), Throws.InstanceOf<InvalidDataException>().With.Message.Contains(message));
    }

    [Test]
    public void ABooleanMustBe0Or1()
    {
        byte[] json = """{"a":{"dtype":"BOOL","shape":[3],"data_offsets":[0,3]}}"""u8.ToArray();
        Write(folder["bad"], (ulong)json.Length, json, [1, 0, 2]);
        using var file = new SafetensorsFile(folder["bad"]);
        Assert.That(() => file.Read("a"), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("'a' has the value 2 at element 2"));
    }

    [TestCase(0, new long[0])]
    [TestCase(1, new long[] { 0, 1 })]
    [TestCase(4, new long[] { 0, 4 })]
    [TestCase(9, new long[] { 0, 4, 4, 4, 8, 1 })]
    public void LargeTensorsAreCopiedInRuns(long count, long[] firstsAndLengths) => Assert.That(
        TensorBytes.Chunks(count, elementSize: 8, chunkBytes: 32).SelectMany(c => new[] { c.First, c.Length }), Is.EqualTo(firstsAndLengths));

    [Test]
    [Explicit("needs 5 GB of memory and 2.2 GB of disk")]
    public void ATensorOfMoreThan2GiBComesBack()
    {
        const long Count = (1L << 31) + 12345;
        var large = zeros(Count, dtype: ScalarType.Byte);
        large.narrow(0, Count - 3, 3).fill_(7);
        Safetensors.Save(folder["a"], new Dictionary<string, Tensor> { ["x"] = large });
        var read = Safetensors.Load(folder["a"])["x"];
        Assert.That(read.equal(large).all().item<bool>(), Is.True);
        Assert.That(read.narrow(0, Count - 3, 3).data<byte>().ToArray(), Is.EqualTo(new byte[] { 7, 7, 7 }));
    }

    [Test]
    public void NothingIsLeftAlive()
    {
        var x = ones(3, 4);
        LeakCheck.IsClean(() =>
        {
            Safetensors.Save(folder["a"], new Dictionary<string, Tensor> { ["x"] = x, ["y"] = x });
            foreach (var tensor in Safetensors.Load(folder["a"]).Values)
                tensor.Dispose();
        });
    }

    [TestCaseSource(typeof(Devices), nameof(Devices.All))]
    public void TensorsAreWrittenFromAndReadToADevice(DeviceType type)
    {
        var device = Devices.Require(type);
        var x = arange(6, dtype: ScalarType.Float32, device: device).reshape(2, 3);
        Safetensors.Save(folder["a"], new Dictionary<string, Tensor> { ["x"] = x });
        var read = Safetensors.Load(folder["a"], device)["x"];
        Assert.That(read.device_type, Is.EqualTo(type));
        Assert.That(TensorComparison.Difference(x, read, 0, 0), Is.Null);
    }

    private static void Write(string path, ulong headerLength, byte[] header, byte[] data)
    {
        byte[] prefix = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, headerLength);
        File.WriteAllBytes(path, [.. prefix, .. header, .. data]);
    }
}
