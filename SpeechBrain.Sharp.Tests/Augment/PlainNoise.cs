using SpeechBrain.Sharp.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Augment;

/// <summary>Noise added sample by sample, in float64: what <c>AddNoise</c> must come to.</summary>
internal static class PlainNoise
{
    /// <summary>Adds noise to each channel of each example over its valid samples.</summary>
    /// <param name="x"><c>[batch, time]</c> or <c>[batch, time, channels]</c>.</param>
    /// <param name="noise">The same shape.</param>
    /// <param name="lengths">Valid samples of each example.</param>
    /// <param name="counts">Samples of noise in each example.</param>
    /// <param name="snr">Decibels of each example.</param>
    /// <param name="normalize">Whether what exceeds 1 is divided by its peak.</param>
    internal static Tensor Add(
        Tensor x, Tensor noise, IReadOnlyList<long> lengths, IReadOnlyList<long> counts, IReadOnlyList<double> snr, bool normalize)
    {
        long[] shape = x.shape;
        long channels = shape.Length == 3 ? shape[2] : 1;
        double[] clean = Numbers.Values(x), dirty = Numbers.Values(noise);
        for (int i = 0; i < shape[0]; i++)
            for (long channel = 0; channel < channels; channel++)
            {
                long At(long t) => (i * shape[1] + t) * channels + channel;
                double energy = 0, noiseEnergy = 0, peak = 0;
                for (long t = 0; t < lengths[i]; t++)
                {
                    energy += clean[At(t)] * clean[At(t)];
                    noiseEnergy += dirty[At(t)] * dirty[At(t)];
                }
                double factor = 1 / (Math.Pow(10, snr[i] / 20) + 1);
                double gain = factor * Math.Sqrt(energy / lengths[i]) / (Math.Sqrt(noiseEnergy / counts[i]) + 1e-14);
                for (long t = 0; t < shape[1]; t++)
                {
                    double sum = (1 - factor) * clean[At(t)] + (t < lengths[i] ? gain * dirty[At(t)] : 0);
                    clean[At(t)] = sum;
                    if (t < lengths[i])
                        peak = Math.Max(peak, Math.Abs(sum));
                }
                for (long t = 0; t < shape[1] && normalize; t++)
                    clean[At(t)] /= Math.Max(1, peak);
            }
        return tensor(clean, ScalarType.Float64).reshape(shape).to(x.dtype);
    }
}
