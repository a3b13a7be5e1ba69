using NUnit.Framework;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Testing;

/// <summary>Tensors as plain numbers.</summary>
public static class Numbers
{
    /// <summary>All elements in order, as float64.</summary>
    public static double[] Values(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.numel() == 0 ? [] : tensor.detach().to(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();
    }

    /// <summary>Asserts that numbers differ by at most <c>atol + rtol * |expected|</c> each.</summary>
    public static void AssertClose(double[] actual, double[] expected, double rtol, double atol)
    {
        Assert.That(actual, Has.Length.EqualTo(expected.Length));
        for (int i = 0; i < actual.Length; i++)
            if (!(Math.Abs(actual[i] - expected[i]) <= atol + rtol * Math.Abs(expected[i])))
                Assert.Fail(FormattableString.Invariant($"element {i}: {actual[i]:R}, expected {expected[i]:R}"));
    }
}
