using NUnit.Framework;
using SpeechBrain.Sharp.Serialization;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Serialization;

[TestFixture]
public sealed class StateDictTests
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
    public void AllThatFitsIsLoadedAndReported()
    {
        using var from = nn.Linear(3, 2);
        using var into = nn.Linear(3, 2);
        SpeechBrainCheckpoint.Save(folder["a"], from.state_dict());
        var report = SpeechBrainCheckpoint.LoadInto(into, folder["a"]);
        Assert.That(report.IsComplete);
        Assert.That(report.Loaded, Is.EquivalentTo(["weight", "bias"]));
        Assert.That($"{report}", Is.EqualTo("2 keys fit"));
        Assert.That(into.weight!.equal(from.weight!).all().item<bool>());
        Assert.That(into.weight!.requires_grad, "training goes on");
    }

    [Test]
    public void AMisfitIsReportedByKeyAndNothingIsLoaded()
    {
        using var module = nn.Linear(3, 2);
        double[] before = Numbers.Values(module.bias!);
        SpeechBrainCheckpoint.Save(folder["a"], new Dictionary<string, Tensor> { ["bias"] = ones(2), ["weight"] = ones(2, 4), ["extra"] = ones(1) });

        var refusal = Assert.Throws<InvalidDataException>(() => SpeechBrainCheckpoint.LoadInto(module, folder["a"]))!;

        Assert.That(refusal.Message, Does.Contain(folder["a"]).And.Contain("1 unknown to the module: extra")
            .And.Contain("weight ([2, 4] Float32 in the file, [2, 3] Float32 in the module)").And.Contain("strict: false"));
        Assert.That(Numbers.Values(module.bias!), Is.EqualTo(before), "nothing changed");
    }

    [Test]
    public void NotStrictLoadsWhatFits()
    {
        using var module = nn.Linear(3, 2);
        SpeechBrainCheckpoint.Save(folder["a"], new Dictionary<string, Tensor> { ["bias"] = ones(2), ["extra"] = ones(1) });
        var report = SpeechBrainCheckpoint.LoadInto(module, folder["a"], strict: false);
        Assert.That(report.Loaded, Is.EqualTo(["bias"]));
        Assert.That(report.Missing, Is.EqualTo(["weight"]));
        Assert.That(report.Unexpected, Is.EqualTo(["extra"]));
        Assert.That(Numbers.Values(module.bias!), Is.EqualTo(new double[] { 1, 1 }));
    }

    [Test]
    public void WidthsOfNumbersMayDifferAndKindsMayNot()
    {
        using var module = nn.Linear(1, 2);
        StateDict.LoadInto(module, new Dictionary<string, Tensor>
        {
            ["bias"] = ones(2, dtype: ScalarType.Float64),
            ["weight"] = ones(2, 1, dtype: ScalarType.BFloat16),
        });
        Assert.That(module.bias!.dtype, Is.EqualTo(ScalarType.Float32));
        Assert.That(Numbers.Values(module.weight!), Is.EqualTo(new double[] { 1, 1 }));

        var report = StateDict.Compare(
            module, new Dictionary<string, Tensor> { ["bias"] = ones(2, dtype: ScalarType.Int64), ["weight"] = ones(2, 1) });
        Assert.That(report.Mismatching.Select(m => m.Key), Is.EqualTo(["bias"]));
        Assert.That($"{report}", Does.Contain("[2] Int64 in the file"));
    }

    [Test]
    public void DisposedAndMissingArgumentsAreRefused()
    {
        using var module = nn.Linear(1, 2);
        var dead = ones(2);
        dead.Dispose();
        Refusal.Of(() => StateDict.LoadInto(module, new Dictionary<string, Tensor> { ["bias"] = dead }), "'bias' is disposed");
        Assert.That(() => StateDict.Compare(null!, new Dictionary<string, Tensor>()), Throws.ArgumentNullException);
    }
}
