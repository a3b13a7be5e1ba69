using NUnit.Framework;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden;

[TestFixture]
public sealed class TensorComparisonTests
{
    private DisposeScope scope = null!;

    [SetUp]
    public void SetUp() => scope = NewDisposeScope();

    [TearDown]
    public void TearDown() => scope.Dispose();

    [TestCase(1.0, 1.0, true)]
    [TestCase(1.0, 1.0109, true)] // 0.001 + 0.01 * 1
    [TestCase(1.0, 1.0112, false)]
    [TestCase(0.0, 0.0009, true)]
    [TestCase(0.0, 0.0011, false)]
    [TestCase(double.PositiveInfinity, double.PositiveInfinity, true)]
    [TestCase(double.PositiveInfinity, double.NegativeInfinity, false)]
    [TestCase(double.NegativeInfinity, -1e300, false)]
    [TestCase(1.0, double.PositiveInfinity, false)]
    [TestCase(double.NaN, double.NaN, true)]
    [TestCase(double.NaN, 0.0, false)]
    [TestCase(0.0, double.NaN, false)]
    public void FloatsAreComparedWithinTheToleranceAndTheRestExactly(double expected, double actual, bool same) =>
        Assert.That(TensorComparison.Difference(tensor([0, expected]), tensor([0, actual]), 0.01, 0.001), same ? Is.Null : Is.Not.Null);

    [Test]
    public void IntegersAndBooleansAreComparedExactly()
    {
        Assert.That(TensorComparison.Difference(tensor([long.MaxValue]), tensor([long.MaxValue]), 1, 1), Is.Null);
        Assert.That(TensorComparison.Difference(tensor([long.MaxValue]), tensor([long.MaxValue - 1]), 1, 1), Does.Contain("1 of 1"));
        Assert.That(TensorComparison.Difference(tensor([true, false]), tensor([true, true]), 1, 1), Does.Contain("at [1]"));
    }

    [Test]
    public void TypesAndShapesMustMatch()
    {
        Assert.That(TensorComparison.Difference(ones(2), ones(2, dtype: ScalarType.Float64), 1, 1), Is.EqualTo("is Float64, expected Float32"));
        Assert.That(TensorComparison.Difference(ones(2, 1), ones(2), 1, 1), Is.EqualTo("has shape [2], expected [2, 1]"));
        Assert.That(TensorComparison.Difference(ones(0, 2), ones(0, 3), 1, 1), Does.Contain("has shape"));
        Assert.That(TensorComparison.Difference(ones(0, 2), ones(0, 2), 0, 0), Is.Null);
        Assert.That(TensorComparison.Difference(tensor(1f), tensor(1f), 0, 0), Is.Null);
    }

    [Test]
    public void TheWorstElementIsNamed() => Assert.That(
        TensorComparison.Difference(zeros(2, 3), tensor([0f, 1, 0, 0, 0, 2]).reshape(2, 3), 0, 0),
        Is.EqualTo("differs in 2 of 6 elements, most at [1, 2]: expected 0, got 2"));
}
