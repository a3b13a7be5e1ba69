using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Augment;

/// <summary>Brings a draw to the device in one copy.</summary>
internal static class Upload
{
    /// <summary>
    /// Rows of numbers side by side in one tensor. float64 holds integers up to 2^53 exactly, so lengths and indices travel with the rest.
    /// </summary>
    /// <param name="device">Where to.</param>
    /// <param name="rows">Rows of equal length.</param>
    /// <returns>float64, <c>[rows, values]</c>.</returns>
    internal static Tensor Rows(Device device, params ReadOnlySpan<double[]> rows)
    {
        int width = rows[0].Length;
        var values = new double[rows.Length * width];
        for (int i = 0; i < rows.Length; i++)
            rows[i].CopyTo(values, i * width);
        return tensor(values, [rows.Length, width], ScalarType.Float64).to(device);
    }

    /// <summary>One number for each example (or one for the batch), as <c>[values, 1, ...]</c> of a type, to be broadcast over a batch.</summary>
    internal static Tensor Column(Tensor row, ScalarType dtype, long rank) =>
        row.to(dtype).reshape([row.numel(), .. Enumerable.Repeat(1L, (int)rank - 1)]);
}
