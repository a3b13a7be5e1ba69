using NUnit.Framework;
using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static SpeechBrain.Sharp.Tests.Conformer.ConformerTesting;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Conformer;

[TestFixture]
public sealed class RoPERotateTests
{
    [Test]
    public void TurnsPairsByTheirPosition()
    {
        using var scope = NewDisposeScope();
        var x = Noise(1, 2, 9, 3, 6);
        var array = new double[2, 9, 3, 6];
        Buffer.BlockCopy(NaiveAttention.Values(x), 0, array, 0, array.Length * sizeof(double));
        var expected = tensor(NaiveAttention.Rotate(array).Cast<double>().ToArray(), dtype: ScalarType.Float64).view(x.shape);
        AssertClose(Functional.RoPERotate(x), expected, 1e-12);
    }

    [Test]
    public void ProductsDependOnTheDifferenceOfPositionsAlone()
    {
        using var scope = NewDisposeScope();
        var q = Functional.RoPERotate(Noise(1, 1, 1, 1, 8).expand(1, 40, 1, 8)).view(40, 8);
        var k = Functional.RoPERotate(Noise(2, 1, 1, 1, 8).expand(1, 40, 1, 8)).view(40, 8);
        var products = q.matmul(k.t());
        AssertClose(products[1.., 1..], products[..39, ..39], 1e-10);
    }

    [Test]
    public void ALongerTableHasTheSameBeginning()
    {
        using var scope = NewDisposeScope();
        var x = Noise(3, ScalarType.Float32, 1, 1500, 1, 10);
        AssertClose(Functional.RoPERotate(x[.., ..20]), Functional.RoPERotate(x)[.., ..20], 0);
    }

    [TestCase(ScalarType.Float32, 1e-5)]
    [TestCase(ScalarType.BFloat16, 3e-2)]
    [TestCase(ScalarType.Float16, 3e-3)]
    public void KeepsTheTypeAndTheValue(ScalarType dtype, double tolerance)
    {
        using var scope = NewDisposeScope();
        var x = Noise(4, 2, 5, 2, 4);
        var y = Functional.RoPERotate(x.to(dtype));
        Assert.That(y.dtype, Is.EqualTo(dtype));
        AssertClose(y.to(ScalarType.Float64), Functional.RoPERotate(x), tolerance);
    }

    [Test]
    public void CopesWithAnyStrides()
    {
        using var scope = NewDisposeScope();
        var x = Noise(5, 2, 5, 3, 9);
        Tensor[] views = [x[.., .., .., ..8], x[.., .., .., 1..], x.transpose(1, 3)[.., .., .., ..4], x[.., .., .., ..8].transpose(0, 1)];
        foreach (var view in views)
            AssertClose(Functional.RoPERotate(view), Functional.RoPERotate(view.contiguous()), 0);
    }

    [Test]
    public void GradientTurnsBack() => GradCheck.Check(x => Functional.RoPERotate(x[0]), Noise(6, 2, 3, 2, 4));

    [Test]
    public void ATableMadeInInferenceModeServesTraining()
    {
        using var scope = NewDisposeScope();
        // A width that no other test uses, so that the table is made here.
        using (inference_mode())
            Functional.RoPERotate(zeros(1, 3, 1, 22));
        var x = ones(1, 3, 1, 22).requires_grad_();
        Functional.RoPERotate(x).sum().backward();
        Assert.That(x.grad is not null);
    }

    [Test]
    public void LeavesNothingBehind()
    {
        using var x = zeros(1, 4, 2, 4);
        Functional.RoPERotate(x).Dispose();
        LeakCheck.IsClean(() => Functional.RoPERotate(x));
        using var half = x.to(ScalarType.BFloat16);
        LeakCheck.IsClean(() => Functional.RoPERotate(half));
    }

    [Test]
    public void RefusesOddWidthsAndOtherRanks()
    {
        using var odd = zeros(1, 4, 2, 5);
        Assert.That(() => Functional.RoPERotate(odd), Throws.ArgumentException.With.Message.Contains("even"));
        using var flat = zeros(4, 2, 4);
        Assert.That(() => Functional.RoPERotate(flat), Throws.ArgumentException.With.Message.Contains("[batch, time, heads, headDim]"));
        using var whole = zeros([1, 4, 2, 4], ScalarType.Int64);
        Assert.That(() => Functional.RoPERotate(whole), Throws.ArgumentException);
    }
}
