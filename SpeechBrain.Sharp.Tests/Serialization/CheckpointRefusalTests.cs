using System.IO.Compression;
using NUnit.Framework;
using SpeechBrain.Sharp.Serialization;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Serialization;

/// <summary>Files that are damaged, or made to harm: each is refused with its name and what is wrong, and nothing of it is run.</summary>
[TestFixture]
public sealed class CheckpointRefusalTests
{
    private TestFolder folder = null!;

    [SetUp]
    public void SetUp() => folder = new TestFolder();

    [TearDown]
    public void TearDown() => folder.Dispose();

    [TestCase("posix", "system")]
    [TestCase("os", "system")]
    [TestCase("builtins", "eval")]
    [TestCase("__builtin__", "getattr")]
    [TestCase("subprocess", "Popen")]
    [TestCase("torch", "load")]
    [TestCase("torch._utils", "_rebuild_qtensor")]
    [TestCase("torch", "QInt8Storage")]
    [TestCase("collections", "OrderedDict.fromkeys")]
    [TestCase("numpy.core.multiarray", "_reconstruct")]
    public void ANameThatIsNoPlainValueIsRefused(string module, string name)
    {
        HandPickle.Write(folder["a"], new HandPickle().Global(module, name).Text("touch owned").Op(0x85).Op("R").Stop());
        AssertRefused($"it names '{module}.{name}'", "torch.save(module.state_dict(), path)");

        HandPickle.Write(folder["b"], new HandPickle().Text(module).Text(name).Op(0x93).Text("touch owned").Op(0x85).Op("R").Stop());
        AssertRefused("b", $"it names '{module}.{name}'");
    }

    [TestCase("i", TestName = "INST")]
    [TestCase("o", TestName = "OBJ")]
    [TestCase("P", TestName = "PERSID")]
    [TestCase("\u0081", TestName = "NEWOBJ")]
    [TestCase("\u0082", TestName = "EXT1")]
    public void AnInstructionThatMakesObjectsIsRefused(string opcode)
    {
        HandPickle.Write(folder["a"], new HandPickle().Op((byte)opcode[0]).Op("os\nsystem\n"u8.ToArray()).Stop());
        AssertRefused($"the instruction 0x{(byte)opcode[0]:x2} at byte 2");
    }

    private static readonly TestCaseData[] BadTensors =
    [
        new TestCaseData(0L, new long[] { 7 }, new long[] { 1 }, "in a storage of 6 elements").SetName("one element too many"),
        new TestCaseData(4L, new long[] { 2, 2 }, new long[] { 2, 1 }, "in a storage of 6 elements").SetName("the offset too far"),
        new TestCaseData(0L, new long[] { 2 }, new long[] { 6 }, "in a storage of 6 elements").SetName("the stride too long"),
        new TestCaseData(-1L, new long[] { 2 }, new long[] { 1 }, "below 0").SetName("a negative offset"),
        new TestCaseData(0L, new long[] { -2 }, new long[] { 1 }, "below 0").SetName("a negative size"),
        new TestCaseData(5L, new long[] { 2 }, new long[] { -1 }, "below 0").SetName("a negative stride"),
        new TestCaseData(0L, new long[] { 2, 3 }, new long[] { 1 }, "make no shape").SetName("a stride too few"),
        new TestCaseData(0L, new long[] { 1L << 40, 1L << 40 }, new long[] { 0, 0 }, "more than can be counted").SetName("2^80 elements"),
        new TestCaseData(0L, new long[] { 2 }, new[] { long.MaxValue }, "in a storage of 6 elements").SetName("the longest stride"),
        new TestCaseData(1L, new long[] { 2 }, new[] { long.MaxValue }, "more than can be counted").SetName("a stride that wraps"),
    ];

    [TestCaseSource(nameof(BadTensors))]
    public void ATensorOutsideOfItsStorageIsRefused(long offset, long[] sizes, long[] strides, string what)
    {
        HandPickle.Write(folder["a"], HandPickle.Tensor(offset, sizes, strides).Stop(), HandPickle.Floats(6));
        AssertRefused(what, "Copy or save the file again");
    }

    [Test]
    public void AStorageIsNeverLongerThanItsEntry()
    {
        HandPickle.Write(folder["short"], HandPickle.Tensor(0, [6], [1]).Stop(), HandPickle.Floats(5));
        AssertRefused("short", "storage '0' has 20 bytes, where 6 elements of Float32 need 24");
        HandPickle.Write(folder["long"], HandPickle.Tensor(0, [6], [1]).Stop(), HandPickle.Floats(7));
        AssertRefused("long", "storage '0' has 28 bytes");
        foreach (long count in (long[])[1L << 40, 1L << 62, long.MaxValue, -1])
        {
            HandPickle.Write(folder[$"{count}"], HandPickle.Tensor(0, [1], [1], count: count).Stop(), HandPickle.Floats(6));
            AssertRefused($"{count}", $"where {count} elements");
        }
        HandPickle.Write(folder["none"], HandPickle.Tensor(0, [6], [1], key: "9").Stop(), HandPickle.Floats(6));
        AssertRefused("none", "storage '9' is missing");
        HandPickle.Write(folder["wide"], HandPickle.Tensor(0, [6], [1], "DoubleStorage").Stop(), HandPickle.Floats(6));
        AssertRefused("wide", "6 elements of Float64 need 48");
    }

    [Test]
    public void AStorageHasOneType()
    {
        HandPickle.Write(
            folder["a"], HandPickle.Tensor(0, [6], [1]).Storage("IntStorage").Op("0").View(0, [6], [1]).Op(0x86).Stop(), HandPickle.Floats(6));
        AssertRefused("6 elements of Float32 in one place and 6 of Int32 in another");
        HandPickle.Write(folder["b"], HandPickle.Tensor(0, [3], [1], "BoolStorage", count: 3).Stop(), [0, 1, 2]);
        AssertRefused("b", "other than 0 and 1");
        HandPickle.Write(folder["c"], new HandPickle().Storage().Stop(), HandPickle.Floats(6));
        AssertRefused("c", "it holds a storage");
        HandPickle.Write(folder["d"], new HandPickle().Global("collections", "OrderedDict").Op(0x85).Stop());
        AssertRefused("d", "it holds the name collections.OrderedDict");
    }

    [Test]
    public void CopiesAreChargedAgainstTheLengthOfThePickle()
    {
        // One text of 10 000 characters, turned into bytes again and again at 5 bytes a time.
        var pickle = new HandPickle().Global("_codecs", "encode").Op((byte)'q', 0).Text(new string('x', 10_000)).Text("latin1").Op(0x86)
            .Op((byte)'q', 1).Op("00");
        pickle.Op("(");
        for (int i = 0; i < 10_000; i++)
            pickle.Op((byte)'h', 0, (byte)'h', 1, (byte)'R');
        HandPickle.Write(folder["a"], pickle.Op("t").Stop());
        AssertRefused("asks for far more memory than its length justifies");
    }

    [Test]
    public void ViewsAreBounded()
    {
        // One storage, and views of it at 5 bytes each: the function is value 2, its arguments value 3.
        var pickle = new HandPickle().Storage().Op("0").Global("torch._utils", "_rebuild_tensor_v2").Op((byte)'q', 2).Op("0")
            .Op("(").Op((byte)'h', 1).Int(0).Ints(6).Ints(1).Op(0x89).Global("collections", "OrderedDict").Op(")Rt").Op((byte)'q', 3).Op("0(");
        for (int i = 0; i <= 100_000; i++)
            pickle.Op((byte)'h', 2, (byte)'h', 3, (byte)'R');
        HandPickle.Write(folder["a"], pickle.Op("t").Stop(), HandPickle.Floats(6));
        AssertRefused("it has more than 100000 tensors");
    }

    [Test]
    public void ValuesAreBounded()
    {
        byte[] pickle = new byte[10_000_010];
        Array.Fill(pickle, (byte)'N');
        (pickle[0], pickle[1]) = (0x80, 2);
        HandPickle.Write(folder["a"], pickle);
        AssertRefused("makes more than 10000000 values");
        HandPickle.Write(folder["b"], HandPickle.Tensor(0, new long[65], new long[65]).Stop(), HandPickle.Floats(6));
        AssertRefused("b", "make no shape");
    }

    [Test]
    public void LengthsAreComparedWithWhatIsLeft()
    {
        byte[][] pickles =
        [
            [0x80, 2, (byte)'X', 0xff, 0xff, 0xff, 0x7f],                     // text of 2 GiB
            [0x80, 4, 0x8d, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],  // text of 8 EiB
            [0x80, 2, 0x8b, 0xff, 0xff, 0xff, 0x7f],                          // a number of 2 GiB
            [0x80, 2, 0x8b, 0xff, 0xff, 0xff, 0xff],                          // a number of -1 bytes
            [0x80, 4, 0x8e, 0, 0, 0, 0, 1, 0, 0, 0],                          // bytes of 4 GiB
            [0x80, 2, (byte)'c', (byte)'o', (byte)'s'],                       // a name without an end
            [0x80, 2],
            [],
        ];
        foreach (var (i, pickle) in pickles.Index())
        {
            HandPickle.Write(folder[$"{i}"], pickle);
            AssertRefused($"{i}", "its pickle");
        }
    }

    [TestCase("0", "takes a value where there is none")]
    [TestCase("t", "a mark that it never made")]
    [TestCase("(N0NN.", "ends with more than one value")]
    [TestCase("NNs", "takes a value where there is none")]
    [TestCase("NNNs", "has None where a dictionary belongs")]
    [TestCase("](Na", "takes a value where there is none")]
    [TestCase("NNR", "has None where a function belongs")]
    [TestCase("NNb", "gives attributes to something")]
    [TestCase("]Q", "has a storage in a form")]
    [TestCase("}]Ns", "a list for a key")]
    [TestCase("}(Nu", "a key without a value")]
    public void APickleThatMakesNoSenseIsRefused(string letters, string what)
    {
        HandPickle.Write(folder["a"], new HandPickle().Op(letters).Stop());
        AssertRefused(what);
    }

    [Test]
    public void AMemoThatWasNeverKeptAndAWrongProtocolAreRefused()
    {
        HandPickle.Write(folder["a"], new HandPickle().Op((byte)'h', 3).Stop());
        AssertRefused("recalls value 3");
        HandPickle.Write(folder["b"], [0x80, 6, (byte)'N', (byte)'.']);
        AssertRefused("b", "protocol 6; 2 to 5 are read");
    }

    [Test]
    public void OtherFilesAreNamedForWhatTheyAre()
    {
        File.WriteAllBytes(folder["legacy"], [0x80, 2, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e, 0x80, 2]);
        AssertRefused("legacy", "format from before version 1.6", "torch.save(torch.load(path");
        File.WriteAllBytes(folder["pickle"], new HandPickle().Op("N").Stop());
        AssertRefused("pickle", "bare pickle");
        File.WriteAllText(folder["text"], "12\n");
        AssertRefused("text", "not a zip file");
        File.WriteAllText(folder["empty"], "");
        AssertRefused("empty", "it is empty");
        HandPickle.Write(folder["other"], [("readme.txt", "hello"u8.ToArray())]);
        AssertRefused("other", "0 entries NAME/data.pkl");
        HandPickle.Write(folder["two"], [("a/data.pkl", []), ("b/data.pkl", [])]);
        AssertRefused("two", "2 entries NAME/data.pkl");
        HandPickle.Write(folder["same"], [("a/data.pkl", []), ("a/data.pkl", [])]);
        AssertRefused("same", "two entries 'a/data.pkl'");
        HandPickle.Write(folder["big"], [("a/data.pkl", new HandPickle().Op("N").Stop()), ("a/byteorder", "big"u8.ToArray())]);
        AssertRefused("big", "big-endian");
        HandPickle.Write(folder["zipped"], [("a/data.pkl", new byte[10_000])], CompressionLevel.Optimal);
        AssertRefused("zipped", "'a/data.pkl' is compressed");
        Assert.That(() => SpeechBrainCheckpoint.Load(folder["absent"]), Throws.TypeOf<FileNotFoundException>().With.Message.Contains("absent"));
    }

    [Test]
    public void AFileCutShortAnywhereIsRefused()
    {
        using (var x = arange(50, dtype: ScalarType.Float32))
            SpeechBrainCheckpoint.Save(folder["whole"], new Dictionary<string, Tensor> { ["x"] = x, ["y"] = x });
        byte[] whole = File.ReadAllBytes(folder["whole"]);
        for (int length = 0; length < whole.Length; length += 3)
        {
            File.WriteAllBytes(folder["cut"], whole[..length]);
            AssertRefused("cut", "cut");
        }
    }

    [Test]
    public void ADamagedByteGivesARefusalOrAValueAndNothingElse()
    {
        using (var x = arange(8, dtype: ScalarType.Float32))
            SpeechBrainCheckpoint.Save(
                folder["whole"], new object?[] { x, new byte[] { 1, 200 }, "text", 7, new Dictionary<string, object?> { ["k"] = 1.5 } });
        byte[] whole = File.ReadAllBytes(folder["whole"]);
        var random = new Random(2395);
        int refused = 0;
        for (int trial = 0; trial < 4000; trial++)
        {
            byte[] damaged = [.. whole];
            for (int i = random.Next(1, 4); i > 0; i--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(folder["damaged"], damaged);
            using var scope = NewDisposeScope();
            try
            {
                SpeechBrainCheckpoint.Load(folder["damaged"]);
            }
            catch (InvalidDataException e)
            {
                refused++;
                Assert.That(e.Message, Does.Contain(folder["damaged"]));
            }
        }
        Assert.That(refused, Is.InRange(1000, 3999));
    }

    private void AssertRefused(string name, params string[] message)
    {
        if (!File.Exists(folder[name]))
            (name, message) = ("a", [name, .. message]);
        var refusal = Assert.Throws<InvalidDataException>(() => SpeechBrainCheckpoint.Load(folder[name]));
        Assert.That(refusal!.Message, Does.Contain(folder[name]));
        foreach (string part in message)
            Assert.That(refusal.Message, Does.Contain(part));
    }
}
