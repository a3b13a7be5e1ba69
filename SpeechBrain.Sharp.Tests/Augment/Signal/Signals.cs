using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Tests.Augment.Signal;

/// <summary>Signals that are the same on every machine.</summary>
internal static class Signals
{
    /// <summary>Values of both signs and many sizes, without a generator.</summary>
    internal static double[] Wave(int count, double phase = 0) =>
        [.. Enumerable.Range(0, count).Select(i => Math.Sin(1.7 * i + phase) + 0.5 * Math.Cos(0.31 * i * i + phase))];

    /// <summary>A tensor of such values.</summary>
    internal static Tensor Wave(long[] shape, ScalarType dtype = ScalarType.Float64, double phase = 0) =>
        tensor(Wave((int)shape.Aggregate(1L, (a, b) => a * b), phase), dtype: ScalarType.Float64).reshape(shape).to(dtype);

    internal static double[] Values(Tensor t) => t.detach().cpu().to(ScalarType.Float64).contiguous().data<double>().ToArray();
}
