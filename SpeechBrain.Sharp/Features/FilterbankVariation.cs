using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Features;

/// <summary>One random change of a filterbank, for regularisation: all centres and all bands are multiplied by a factor each.</summary>
/// <param name="CentralFactor">Factor of the central frequencies.</param>
/// <param name="BandFactor">Factor of the bands.</param>
public sealed record FilterbankVariation(double CentralFactor, double BandFactor)
{
    /// <summary>Draws both factors from <c>[1 - paramRandFactor, 1 + paramRandFactor)</c>.</summary>
    /// <param name="paramRandFactor">Largest change, 0 to below 1; SpeechBrain's documentation suggests 0.15.</param>
    /// <param name="generator">A CPU generator; two float32 numbers are drawn from it.</param>
    /// <exception cref="ArgumentException">A factor out of range, or a generator of another device.</exception>
    public static FilterbankVariation Sample(double paramRandFactor, Generator generator)
    {
        Require.Range(paramRandFactor, nameof(paramRandFactor), 0, Math.BitDecrement(1.0));
        Require.CpuGenerator(generator, nameof(generator));
        using var scope = NewDisposeScope();
        float[] draws = rand([2L], ScalarType.Float32, CPU, generator: generator).data<float>().ToArray();
        return new(1 + draws[0] * 2 * paramRandFactor - paramRandFactor, 1 + draws[1] * 2 * paramRandFactor - paramRandFactor);
    }
}
