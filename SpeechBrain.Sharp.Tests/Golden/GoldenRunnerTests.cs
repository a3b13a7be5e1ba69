using System.Text.Json;
using System.Text.Json.Nodes;
using NUnit.Framework;
using SpeechBrain.Sharp.Serialization;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden;

/// <summary>Every rule of the runner must be able to fail: small sets made here, with adapters that break one rule each.</summary>
[TestFixture]
public sealed class GoldenRunnerTests
{
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
    public void ACaseThatIsReadAndCheckedWhollyPasses() => Assert.That(Run((c, check) =>
    {
        double gain = c.Constructor.Double("gain");
        Assert.That(c.Call.StringOrNull("mode"), Is.Null);
        var x = c.Input("x").requires_grad_();
        var y = x * gain * c.Weights()["scale"];
        check.Output("out.y", y);
        check.Gradients(y, ("x", x));
        check.Output("ref.y", y.to(ScalarType.Float64));
        check.Value(c.Data["count"], y.numel());
        check.Value(c.Data["lists"], new List<double[]> { new[] { 0.1, 0.2 }, Array.Empty<double>() });
        Assert.That(c.Draws.Next("torch.rand").Doubles, Is.EqualTo([0.25]));
        Assert.That(c.Draws.Next("random.random").Value!.AsDouble(), Is.EqualTo(0.5));
    }), Is.Empty);

    [Test]
    public void WhatIsNotReadOrCheckedIsNamed() => Assert.That(Run((c, check) => { }), Is.EquivalentTo(
    [
        "out.y was not checked",
        "grad.x was not checked",
        "ref.y was not checked",
        "constructor.gain was not read: the adapter does not know it",
        "call.mode was not read: the adapter does not know it",
        "data.count was not read: the adapter does not know it",
        "data.lists[0][0] was not read: the adapter does not know it",
        "data.lists[0][1] was not read: the adapter does not know it",
        "data.lists[1] was not read: the adapter does not know it",
        "draw 0: torch.rand([1]) was not read: the adapter does not know it",
        "draw 1: random.random() was not read: the adapter does not know it",
        "in.cot was not read: the adapter does not know it",
        "in.x was not read: the adapter does not know it",
        "w.scale was not read: the adapter does not know it",
    ]));

    [Test]
    public void AWrongValueShapeOrTypeIsAFailure()
    {
        Assert.That(Run((c, check) => check.Output("out.y", c.Recorded("out.y") + 0.1)), Has.Some.Contain("out.y differs in 2 of 2"));
        Assert.That(Run((c, check) => check.Output("out.y", c.Recorded("out.y").unsqueeze(0))), Has.Some.Contain("out.y has shape [1, 2]"));
        Assert.That(Run((c, check) => check.Output("out.y", c.Recorded("out.y").to(ScalarType.Float64))), Has.Some.Contain("out.y is Float64"));
        Assert.That(Run((c, check) => check.Output("out.y", c.Recorded("out.y") * double.NaN)), Has.Some.Contain("got NaN"));
        Assert.That(Run((c, check) => check.Output("out.y", c.Recorded("out.y") + 0.1, 0, 0.2)), Has.None.Contain("out.y"));
    }

    [Test]
    public void AWrongGradientOrOneThatIsNotThereIsAFailure()
    {
        Assert.That(
            Run((c, check) =>
            {
                var x = c.Input("x").requires_grad_();
                check.Gradients(x * 3, ("x", x));
            }),
            Has.Some.StartWith("grad.x differs"));
        Assert.That(
            Run((c, check) =>
            {
                var x = c.Input("x").requires_grad_();
                check.Gradients(c.Input("x").requires_grad_() * 3, ("x", x));
            }),
            Has.Some.Contain("grad.x: the output does not depend on it"));
    }

    [Test]
    public void WrongDataAreFailures()
    {
        Assert.That(Run((c, check) => check.Value(c.Data["count"], 3)), Has.Some.EqualTo("data.count: expected 2, got 3"));
        Assert.That(Run((c, check) => check.Value(c.Data["count"], "2")), Has.Some.EqualTo("data.count: expected 2, got 2"));
        Assert.That(Run((c, check) => check.Value(c.Data["lists"], new[] { new[] { 0.1 } })), Has.Some.Contain("data.lists: expected 2 items"));
        Assert.That(
            Run((c, check) => check.Value(c.Data["lists"], new[] { new[] { 0.1, 0.3 }, Array.Empty<double>() })),
            Has.Some.EqualTo("data.lists[0][1]: expected 0.2, got 0.3"));
    }

    [Test]
    public void AnArgumentThatIsNotThereAnUnknownTensorOrTheWrongDrawEndTheRun()
    {
        Assert.That(Run((c, check) => c.Constructor.Long("rate")), Is.EqualTo(["constructor has no 'rate'; it has [gain]"]));
        Assert.That(Run((c, check) => c.Constructor.String("gain")), Is.EqualTo(["constructor.gain is 2.0, not text"]));
        Assert.That(Run((c, check) => c.Call.Double("mode", 1)), Is.EqualTo(["call.mode is null, not a number"]));
        Assert.That(Run((c, check) => c.Input("z")), Has.Exactly(1).Items.And.Some.StartWith("the case has no in.z"));
        Assert.That(Run((c, check) => check.Output("out.z", ones(1))), Has.Exactly(1).Items.And.Some.StartWith("the case has no out.z"));
        Assert.That(
            Run((c, check) => c.Draws.Next("torch.randn")), Is.EqualTo(["draw 0 is torch.rand([1]); the adapter asks for one by torch.randn"]));
    }

    [Test]
    public void AbsentArgumentsHaveTheirDefaults() => Run((c, check) =>
    {
        Assert.That(c.Constructor.Long("rate", 16000), Is.EqualTo(16000));
        Assert.That(c.Constructor.DoubleOrNull("beta"), Is.Null);
        Assert.That(c.Constructor.Bool("causal", true), Is.True);
    });

    [Test]
    public void CheckingTwiceIsAFailure() => Assert.That(
        Run((c, check) =>
        {
            check.Output("out.y", c.Recorded("out.y"));
            check.Output("out.y", c.Recorded("out.y"));
        }),
        Has.Some.EqualTo("out.y was checked twice"));

    [Test]
    public void IgnoringNeedsAReason()
    {
        Assert.That(Run((c, check) => c.Data.Ignore("")), Has.Some.Contain("only with a reason"));
        Assert.That(Run((c, check) => c.Draws.Ignore(" ")), Has.Some.Contain("only with a reason"));
        Assert.That(Run((c, check) => c.IgnoreInput("x", "")), Has.Some.Contain("with a reason"));
        Assert.That(
            Run((c, check) =>
            {
                c.Data.Ignore("why not");
                c.Draws.Ignore("why not");
                c.IgnoreInput("x", "why not");
            }),
            Has.None.Contain("data").And.None.Contain("draw").And.None.Contain("in.x"));
    }

    [Test]
    public void WeightsThatDoNotFitAreNamed()
    {
        var module = nn.Linear(3, 2);
        Assert.That(Run((c, check) => c.LoadWeights(module)), Is.EqualTo(
        [
            "weights do not fit Linear: unexpected key scale (the module has no such parameter or buffer); "
            + "missing key bias (the case has no such weight); missing key weight (the case has no such weight)",
        ]));
        module.Dispose();
    }

    [Test]
    public void ADeviationWithAReferenceIsComparedWithIt()
    {
        var deviation = Deviation() with { Reference = "ref.y" };
        Assert.That(Run((c, check) => check.Output("out.y", c.Recorded("ref.y")), deviation), Has.None.Contain("out.y").And.None.Contain("ref.y"));
        Assert.That(
            Run((c, check) => check.Output("out.y", c.Recorded("ref.y") + 1), deviation),
            Has.Some.StartWith("out.y (deviation other: ref.y) differs"));
    }

    [Test]
    public void ADeviationMustBeListedForTheOutput()
    {
        Assert.That(
            Run((c, check) => check.Deviates("other", "out.y")), Has.Some.EqualTo("out.y: deviations.json has no deviation 'other' that covers it"));
        Assert.That(Run((c, check) => check.Deviates("other", "out.y"), Deviation()), Has.None.Contain("out.y"));
        Assert.That(Run((c, check) => check.Deviates("another", "out.y"), Deviation()), Has.Some.Contain("no deviation 'another'"));
        Assert.That(Run((c, check) => check.Deviates("other", "grad.x"), Deviation()), Has.Some.Contain("no deviation 'other'"));
        Assert.That(Run((c, check) => check.Deviates("other", "out.y", ones(2), ones(2)), Deviation()), Has.None.Contain("out.y"));
        Assert.That(
            Run((c, check) => check.Deviates("other", "out.y", ones(2), zeros(2)), Deviation()),
            Has.Some.StartWith("out.y (deviation other) differs"));
        Assert.That(
            Run((c, check) => check.Deviates("other", c.Data["count"]), Deviation()),
            Has.Some.Contain("data.count: deviations.json has no deviation"));
        Assert.That(
            Run((c, check) => check.Deviates("other", c.Data["count"]), Deviation() with { Outputs = ["data.count"] }),
            Has.None.Contain("data.count"));
    }

    [TestCase("area/name", null, null, true)]
    [TestCase("area/*", null, null, true)]
    [TestCase("*", null, null, true)]
    [TestCase("area", null, null, false)]
    [TestCase("area/nam.", null, null, false)]
    [TestCase("*", "constructor.gain", "2.0", true)]
    [TestCase("*", "constructor.gain", "3.0", false)]
    [TestCase("*", "constructor.rate", "2.0", false)]
    [TestCase("*", "call.mode", "null", true)]
    public void ADeviationCoversByNameAndArguments(string pattern, string? argument, string? value, bool covers)
    {
        WriteSet();
        var where = argument is null ? null : new Dictionary<string, JsonElement> { [argument] = JsonElement.Parse(value!) };
        var deviation = Deviation() with { Case = pattern, Where = where };
        Assert.That(deviation.Covers(new GoldenSet(folder.Path).Info("area/name"), "out.y"), Is.EqualTo(covers));
    }

    [Test]
    public void TestsAreFoundByName()
    {
        Assert.That(GoldenTests.IsTest($"{typeof(GoldenRunnerTests).FullName}.{nameof(TestsAreFoundByName)}"), Is.True);
        Assert.That(GoldenTests.IsTest($"{typeof(GoldenTests).FullName}.{nameof(GoldenTests.Case)}"), Is.True);
        Assert.That(GoldenTests.IsTest($"{typeof(GoldenRunnerTests).FullName}.{nameof(SetUp)}"), Is.False);
        Assert.That(GoldenTests.IsTest("NoSuchClass.NoSuchTest"), Is.False);
        Assert.That(GoldenTests.IsTest(""), Is.False);
    }

    [Test]
    public void ASetWithoutOrWithAMalformedManifestIsRefused()
    {
        Assert.That(() => new GoldenSet(folder.Path), Throws.InstanceOf<GoldenException>().With.Message.Contains("SBSHARP_GOLDEN_DIR"));
        foreach (string text in (string[])["", "[]", "{}", """{"format": 2, "cases": []}""", """{"format": 1, "cases": [{}]}"""])
        {
            File.WriteAllText(folder["manifest.json"], text);
            Assert.That(() => new GoldenSet(folder.Path), Throws.InstanceOf<GoldenException>(), text);
        }
        WriteSet();
        File.Delete(folder["area__name.safetensors"]);
        Assert.That(() => new GoldenSet(folder.Path).Open("area/name", CPU), Throws.InstanceOf<FileNotFoundException>());
        Safetensors.Save(folder["area__name.safetensors"], new Dictionary<string, Tensor> { ["in.x"] = ones(1) });
        Assert.That(
            () => new GoldenSet(folder.Path).Open("area/name", CPU),
            Throws.InstanceOf<GoldenException>().With.Message.Contains("the manifest lists"));
    }

    private static GoldenDeviation Deviation() => new("other", "area/*", ["out.*"], "for the test", "none");

    private IReadOnlyList<string> Run(Action<GoldenCase, GoldenCheck> run, params GoldenDeviation[] deviations)
    {
        WriteSet();
        var set = new GoldenSet(folder.Path);
        return GoldenRunner.Run(set.Info("area/name"), set, new Adapter(run), deviations, CPU);
    }

    /// <summary>One case: y = 2 x scale.</summary>
    private void WriteSet()
    {
        var x = tensor([1f, 2f]);
        Safetensors.Save(folder["area__name.safetensors"], new Dictionary<string, Tensor>
        {
            ["in.x"] = x,
            ["in.cot"] = tensor([1f, -1f]),
            ["w.scale"] = tensor(3f),
            ["draw.0"] = tensor([0.25f]),
            ["out.y"] = x * 6,
            ["grad.x"] = tensor([6f, -6f]),
            ["ref.y"] = (x * 6).to(ScalarType.Float64),
        });
        File.WriteAllText(folder["manifest.json"], JsonNode.Parse("""
            {"format": 1, "cases": [{
              "case": "area/name", "module": "m", "source": "s", "constructor": {"gain": 2.0}, "call": {"mode": null}, "seed": 1,
              "tolerance": {"rtol": 1e-5, "atol": 1e-6}, "file": "area__name.safetensors",
              "draws": [{"fn": "torch.rand", "args": "[1]", "tensor": "draw.0"}, {"fn": "random.random", "args": "", "value": 0.5}],
              "data": {"count": 2, "lists": [[0.1, 0.2], []]},
              "inputs": ["in.cot", "in.x"], "weights": ["w.scale"], "outputs": ["grad.x", "out.y"], "references": ["ref.y"]
            }]}
            """)!.ToJsonString());
    }

    /// <summary>Has no constructor without parameters, and so is not found as an adapter of the real cases.</summary>
    private sealed class Adapter(Action<GoldenCase, GoldenCheck> run) : IGoldenAdapter
    {
        public bool Handles(GoldenCaseInfo info) => true;

        public void Run(GoldenCase c, GoldenCheck check) => run(c, check);
    }
}
