using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Testing;

/// <summary>Reproducible random tensors.</summary>
public static class Noise
{
    /// <summary>Normal noise of a shape, the same at each call with one seed.</summary>
    public static Tensor Normal(long[] shape, ulong seed = 1, ScalarType dtype = ScalarType.Float32)
    {
        using var generator = new Generator(seed);
        using var noise = randn(shape, ScalarType.Float64, CPU, generator: generator);
        return noise.to_type(dtype, copy: true);
    }

    /// <summary>A tensor's values as numbers, in order.</summary>
    public static double[] Values(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.numel() == 0 ? [] : tensor.detach().cpu().to_type(ScalarType.Float64).contiguous().data<double>().ToArray();
    }

    /// <summary>A bool tensor's values, in order.</summary>
    public static bool[] Bools(Tensor tensor) => [.. Values(tensor).Select(v => v != 0)];
}
