using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Augment;

/// <summary>Numbers from a CPU generator, as they go into records.</summary>
internal static class Draws
{
    /// <summary>Uniform numbers in <c>[low, high)</c>; <paramref name="low"/> where both are equal.</summary>
    internal static double[] Uniform(Generator generator, long count, double low, double high)
    {
        using var scope = NewDisposeScope();
        return [.. rand([count], ScalarType.Float64, CPU, generator: generator).data<double>().ToArray().Select(u => low + u * (high - low))];
    }

    /// <summary>Uniform integers in <c>[low, high]</c>, both ends drawn.</summary>
    internal static long[] Integers(Generator generator, long count, long low, long high)
    {
        using var scope = NewDisposeScope();
        return randint(low, checked(high + 1), [count], ScalarType.Int64, CPU, generator: generator).data<long>().ToArray();
    }

    /// <summary>The numbers 0 to <paramref name="count"/> - 1 in random order.</summary>
    internal static long[] Permutation(Generator generator, long count)
    {
        using var scope = NewDisposeScope();
        return randperm(count, ScalarType.Int64, CPU, generator: generator).data<long>().ToArray();
    }

    /// <summary>A seed for noise that is generated on a device.</summary>
    internal static long Seed(Generator generator) => Integers(generator, 1, 0, long.MaxValue - 1)[0];
}
