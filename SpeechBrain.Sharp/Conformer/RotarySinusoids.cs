using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Conformer;

/// <summary>
/// The rotations of rotary position embedding as complex numbers: position t turns the pair (2i, 2i + 1) by the angle t 10000^(-2i / headDim),
/// which is one complex multiplication of x_2i + j x_(2i+1) with e^(j angle).
/// </summary>
/// <remarks>J. Su et al., "RoFormer", https://arxiv.org/abs/2104.09864.</remarks>
internal static class RotarySinusoids
{
    private static readonly TableCache<(long HeadDim, double QueryScale, ScalarType Dtype, DeviceType Device, int Index)> Tables =
        new(Build, (key, rows) => (Int128)rows * 2 * key.HeadDim * key.Dtype.ElementSize(), TableBytes);

    private const long TableBytes = 32L << 20;

    /// <summary>
    /// <c>[time, 1, 2, headDim / 2]</c> complex: the rotations for queries, times <paramref name="queryScale"/>, and for keys. The scale of
    /// attention costs nothing there.
    /// </summary>
    /// <param name="x">Gives type (float32 or float64) and device.</param>
    /// <param name="time">Positions, from 0 on.</param>
    /// <param name="headDim">Real numbers in a vector, even.</param>
    /// <param name="queryScale">Factor of the query's rotations.</param>
    internal static Tensor Get(Tensor x, long time, long headDim, double queryScale)
    {
        var key = (headDim, queryScale, x.dtype, x.device_type, x.device_type == DeviceType.CPU ? -1 : x.device_index);
        return Tables.Get(key, time, (table, _) => table.narrow(0, 0, time));
    }

    private static Tensor Build((long HeadDim, double QueryScale, ScalarType Dtype, DeviceType Device, int Index) key, long rows)
    {
        // Computed in the type asked for, with SpeechBrain's roundings, so that a checkpoint meets the angles it was trained with.
        double step = -(Math.Log(10000.0) / key.HeadDim);
        var frequencies = arange(0, key.HeadDim, 2, key.Dtype, CPU).mul(key.Dtype == ScalarType.Float64 ? step : (float)step).exp();
        var angles = arange(0, rows, 1, key.Dtype, CPU).unsqueeze(1).mul(frequencies);
        var rotation = stack([angles.cos(), angles.sin()], -1).view_as_complex();
        var pair = stack([rotation.mul(key.QueryScale), rotation], 1).unsqueeze(1);
        return key.Device == DeviceType.CPU ? pair : pair.to(new Device(key.Device, key.Index));
    }
}
