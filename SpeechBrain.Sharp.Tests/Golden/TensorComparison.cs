using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Golden;

/// <summary>
/// Compares a tensor with the expected one: shape and type must match, booleans, integers and infinities exactly, finite floats within
/// <c>atol + rtol * |expected|</c>, NaN only with NaN.
/// </summary>
public static class TensorComparison
{
    /// <returns>Null if they match, else what differs and where.</returns>
    public static string? Difference(Tensor expected, Tensor actual, double rtol, double atol)
    {
        if (actual.dtype != expected.dtype)
            return $"is {actual.dtype}, expected {expected.dtype}";
        if (!actual.shape.SequenceEqual(expected.shape))
            return $"has shape [{string.Join(", ", actual.shape)}], expected [{string.Join(", ", expected.shape)}]";
        return expected.is_floating_point()
            ? Difference<double>(expected, actual, ScalarType.Float64, (e, a) => Close(e, a, rtol, atol), (e, a) => Math.Abs(e - a))
            : Difference<long>(expected, actual, ScalarType.Int64, (e, a) => e == a, (e, a) => Math.Abs((double)e - a));
    }

    internal static bool Close(double expected, double actual, double rtol, double atol)
    {
        if (double.IsNaN(expected) || double.IsNaN(actual))
            return double.IsNaN(expected) && double.IsNaN(actual);
        if (double.IsInfinity(expected) || double.IsInfinity(actual))
            return expected == actual;
        return Math.Abs(expected - actual) <= atol + rtol * Math.Abs(expected);
    }

    private static string? Difference<T>(
        Tensor expectedTensor, Tensor actualTensor, ScalarType type, Func<T, T, bool> close, Func<T, T, double> distance)
        where T : unmanaged
    {
        T[] expected = Values<T>(expectedTensor, type), actual = Values<T>(actualTensor, type);
        int wrong = 0, worst = -1;
        double worstDistance = -1;
        for (int i = 0; i < expected.Length; i++)
        {
            if (close(expected[i], actual[i]))
                continue;
            wrong++;
            double d = distance(expected[i], actual[i]);
            if (double.IsNaN(d))
                d = double.PositiveInfinity;
            if (d > worstDistance)
                (worst, worstDistance) = (i, d);
        }
        if (wrong == 0)
            return null;
        string index = string.Join(", ", Index(worst, expectedTensor.shape));
        return FormattableString.Invariant(
            $"differs in {wrong} of {expected.Length} elements, most at [{index}]: expected {expected[worst]}, got {actual[worst]}");
    }

    private static T[] Values<T>(Tensor tensor, ScalarType type)
        where T : unmanaged
    {
        using var scope = NewDisposeScope();
        return tensor.numel() == 0 ? [] : tensor.detach().cpu().to(type).contiguous().data<T>().ToArray();
    }

    private static long[] Index(long flat, long[] shape)
    {
        var index = new long[shape.Length];
        for (int d = shape.Length - 1; d >= 0; d--)
            (flat, index[d]) = (flat / shape[d], flat % shape[d]);
        return index;
    }
}
