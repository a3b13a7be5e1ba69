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

    /// <summary>A bool tensor's values, in order.</summary>
    public static bool[] Bools(Tensor tensor) => [.. Numbers.Values(tensor).Select(v => v != 0)];
}
