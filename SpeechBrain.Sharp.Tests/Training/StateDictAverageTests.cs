using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Testing;
using SpeechBrain.Sharp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Training;

[TestFixture]
public sealed class StateDictAverageTests
{
    private DisposeScope scope = null!;

    [SetUp]
    public void SetUp() => scope = NewDisposeScope();

    [TearDown]
    public void TearDown() => scope.Dispose();

    [Test]
    public void RealNumbersAreAveragedAndTheRestIsTheFirsts()
    {
        Dictionary<string, Tensor> Dict(float value, long count) => new()
        {
            ["w"] = full(2, value),
            ["b"] = full(2, value, dtype: ScalarType.BFloat16),
            ["n"] = tensor(count),
            ["mask"] = tensor(new[] { count == 3 }),
        };
        var first = Dict(1, 3);
        var mean = StateDictAverage.Of([first, Dict(2, 4), Dict(6, 5)]);
        Assert.That(mean.Keys, Is.EqualTo(first.Keys));
        Assert.That(Numbers.Values(mean["w"]), Is.EqualTo(new double[] { 3, 3 }));
        Assert.That((mean["w"].dtype, mean["b"].dtype, mean["n"].dtype), Is.EqualTo((ScalarType.Float32, ScalarType.BFloat16, ScalarType.Int64)));
        Assert.That(mean["n"].item<long>(), Is.EqualTo(3));
        Assert.That(Numbers.Values(mean["mask"]), Is.EqualTo(new double[] { 1 }));
        Assert.That(Numbers.Values(first["w"]), Is.EqualTo(new double[] { 1, 1 }), "the first is left as it is");
        mean["n"].fill_(9);
        Assert.That(first["n"].item<long>(), Is.EqualTo(3), "copies");
    }

    [Test]
    public void DifferingDictsAreRefused()
    {
        Refusal.Of(() => StateDictAverage.Of([]), "at least one");
        Dictionary<string, Tensor> one = new() { ["a"] = ones(2) };
        Refusal.Of(() => StateDictAverage.Of([one, new Dictionary<string, Tensor> { ["b"] = ones(2) }]), "only one of them has a, b");
        Refusal.Of(() => StateDictAverage.Of([one, new Dictionary<string, Tensor> { ["a"] = ones(3) }]), "'a' of state dict 2 is [3] Float32");
        Refusal.Of(() => StateDictAverage.Of([one, new Dictionary<string, Tensor> { ["a"] = ones(2, dtype: ScalarType.Float64) }]), "[2] Float64");
    }

    [Test]
    public void NothingLeaks()
    {
        Dictionary<string, Tensor> one = new() { ["a"] = ones(2), ["n"] = tensor(1L) };
        LeakCheck.IsClean(() =>
        {
            foreach (var mean in StateDictAverage.Of([one, one]).Values)
                mean.Dispose();
        });
    }
}
