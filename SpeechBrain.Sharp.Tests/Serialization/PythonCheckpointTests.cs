using System.Numerics;
using NUnit.Framework;
using SpeechBrain.Sharp.Serialization;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Serialization;

/// <summary>Python's own torch.save and torch.load at the other end.</summary>
[TestFixture]
public sealed class PythonCheckpointTests
{
    private const string WriteProgram = """
        import sys, torch
        from collections import OrderedDict
        base = torch.arange(24, dtype=torch.float32)
        types = [torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8,
                 torch.bool, torch.complex64, torch.complex128]
        linear = torch.nn.Linear(2, 3)
        with torch.no_grad():
            linear.weight.copy_(torch.arange(6).reshape(3, 2))
        value = {
            "types": [torch.tensor([0, 1, 1, 0]).to(t) for t in types],
            "whole": base.reshape(2, 3, 4), "transposed": base.reshape(4, 6).t(), "part": base[5:9], "step": base[1::7],
            "expanded": base[:1].expand(3, 2), "scalar": torch.tensor(2.5), "empty": torch.zeros(0, 3),
            "parameter": torch.nn.Parameter(torch.ones(2)), "module": linear.state_dict(),
            "plain": (None, True, False, 1, -70000, 2**40, 2**70, 0.5, "é", b"\x00\xff", {1, 2}, frozenset(["a"]), [1, [2]],
                      OrderedDict(b=1, a=2), torch.Size([2, 3])),
        }
        for protocol in (2, 4):
            torch.save(value, sys.argv[1] + str(protocol), pickle_protocol=protocol)
        torch.save(value, sys.argv[1] + "legacy", _use_new_zipfile_serialization=False)
        """;

    private const string ReadProgram = """
        import sys, torch
        value = torch.load(sys.argv[1])
        types = [torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8,
                 torch.bool, torch.complex64, torch.complex128]
        assert [t.dtype for t in value["types"]] == types, value["types"]
        assert all(torch.equal(t, torch.tensor([0, 1, 1, 0]).to(t.dtype)) for t in value["types"])
        assert torch.equal(value["transposed"], torch.arange(12.).reshape(3, 4).t())
        assert value["scalar"].shape == () and value["scalar"].item() == 2.5
        assert value["empty"].shape == (0, 3)
        assert value["tied"][0].data_ptr() == value["tied"][1].data_ptr()
        plain = value["plain"]
        assert plain == (None, True, 1, -70000, 2**40, 2**70, 0.5, "é", b"\x00\xff", {1, 2}, [1, [2]], {"a": 1, 3: 4}), plain
        linear = torch.nn.Linear(2, 3)
        linear.load_state_dict(torch.load(sys.argv[2]))
        assert linear.weight.flatten().tolist() == [0, 1, 2, 3, 4, 5] and not torch.load(sys.argv[2])["weight"].requires_grad
        safe = torch.load(sys.argv[2], weights_only=True)
        assert list(safe) == ["weight", "bias"]
        print("well")
        """;

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

    [Test]
    public void WhatPythonWritesIsRead()
    {
        DebianPython.Run("torch", WriteProgram, folder["p"]);
        foreach (string path in (string[])[folder["p2"], folder["p4"]])
        {
            var value = (OrderedDictionary<object, object?>)SpeechBrainCheckpoint.Load(path)!;
            var types = ((List<object?>)value["types"]!).Cast<Tensor>().ToList();
            Assert.That(types.Select(t => t.dtype), Is.EqualTo(new[]
            {
                ScalarType.Float64, ScalarType.Float32, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Int64, ScalarType.Int32, ScalarType.Int16,
                ScalarType.Int8, ScalarType.Byte, ScalarType.Bool, ScalarType.ComplexFloat32, ScalarType.ComplexFloat64,
            }));
            foreach (var t in types.Take(10))
                Assert.That(Numbers.Values(t), Is.EqualTo(new double[] { 0, 1, 1, 0 }), $"{t.dtype}");
            foreach (var t in types.Skip(10))
                Assert.That(Numbers.Values(t.real), Is.EqualTo(new double[] { 0, 1, 1, 0 }), $"{t.dtype}");

            var numbers = Enumerable.Range(0, 24).Select(i => (double)i).ToArray();
            Assert.That(Numbers.Values((Tensor)value["whole"]!), Is.EqualTo(numbers));
            Assert.That(Numbers.Values((Tensor)value["transposed"]!), Is.EqualTo(numbers.OrderBy(n => n % 6).ThenBy(n => n)));
            Assert.That(((Tensor)value["transposed"]!).stride(), Is.EqualTo(new long[] { 1, 6 }));
            Assert.That(Numbers.Values((Tensor)value["part"]!), Is.EqualTo(new double[] { 5, 6, 7, 8 }));
            Assert.That(Numbers.Values((Tensor)value["step"]!), Is.EqualTo(new double[] { 1, 8, 15, 22 }));
            Assert.That(Numbers.Values((Tensor)value["expanded"]!), Is.EqualTo(new double[6]));
            Assert.That(((Tensor)value["scalar"]!).item<float>(), Is.EqualTo(2.5f));
            Assert.That(((Tensor)value["empty"]!).shape, Is.EqualTo(new long[] { 0, 3 }));
            Assert.That(Numbers.Values((Tensor)value["parameter"]!), Is.EqualTo(new double[] { 1, 1 }));
            Assert.That(((Tensor)value["parameter"]!).requires_grad, Is.False);

            ((Tensor)value["whole"]!).fill_(-1);
            Assert.That(Numbers.Values((Tensor)value["part"]!), Is.EqualTo(new double[] { -1, -1, -1, -1 }), "shared memory");
            AssertPlain((object?[])value["plain"]!);
        }
        Assert.That(() => SpeechBrainCheckpoint.Load(folder["plegacy"]),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("before version 1.6"));
    }

    private static void AssertPlain(object?[] plain)
    {
        Assert.That(plain[..9], Is.EqualTo(new object?[] { null, true, false, 1L, -70000L, 1L << 40, BigInteger.Pow(2, 70), 0.5, "é" }));
        Assert.That(plain[9], Is.EqualTo(new byte[] { 0, 255 }));
        Assert.That(plain[10], Is.EquivalentTo(new object[] { 1L, 2L }));
        Assert.That(plain[11], Is.EquivalentTo(new object[] { "a" }));
        Assert.That(plain[12], Is.EqualTo(new List<object?> { 1L, new List<object?> { 2L } }));
        Assert.That(((OrderedDictionary<object, object?>)plain[13]!).Keys, Is.EqualTo(new object[] { "b", "a" }));
        Assert.That(plain[14], Is.EqualTo(new object?[] { 2L, 3L }));
    }

    [Test]
    public void PythonReadsWhatIsWrittenHere()
    {
        ScalarType[] types =
        [
            ScalarType.Float64, ScalarType.Float32, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Int64, ScalarType.Int32, ScalarType.Int16,
            ScalarType.Int8, ScalarType.Byte, ScalarType.Bool, ScalarType.ComplexFloat32, ScalarType.ComplexFloat64,
        ];
        var tied = ones(2);
        SpeechBrainCheckpoint.Save(folder["value.ckpt"], new Dictionary<string, object?>
        {
            ["types"] = types.Select(t => tensor([0L, 1, 1, 0]).to(t)).ToList(),
            ["transposed"] = arange(12, dtype: ScalarType.Float32).reshape(3, 4).t(),
            ["scalar"] = tensor(2.5),
            ["empty"] = zeros(0, 3),
            ["tied"] = new List<Tensor> { tied, tied },
            ["plain"] = new object?[]
            {
                null, true, 1, -70000, 1L << 40, BigInteger.Pow(2, 70), 0.5, "é", new byte[] { 0, 255 }, new HashSet<object> { 1L, 2L },
                new List<object> { 1, new List<int> { 2 } }, new Dictionary<object, object> { ["a"] = 1, [3L] = 4 },
            },
        });
        using var linear = nn.Linear(2, 3);
        using (no_grad())
            linear.weight!.copy_(arange(6, dtype: ScalarType.Float32).reshape(3, 2));
        SpeechBrainCheckpoint.Save(folder["model.ckpt"], linear.state_dict());
        Assert.That(DebianPython.Run("torch", ReadProgram, folder["value.ckpt"], folder["model.ckpt"]).Trim(), Is.EqualTo("well"));
    }
}
