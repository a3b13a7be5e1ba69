using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Resampling;

/// <summary>
/// The conv1d form of resampling: one strided convolution with the dense table of <see cref="SincKernel"/>. Differentiable, on any device,
/// and the cheapest form while the reduced ratio is small; its cost and memory grow with <c>Orig * New</c>.
/// </summary>
internal static class DenseConvolution
{
    /// <summary>Resamples rows <c>[rows, time]</c> of a type that the table has too; time is at least 1.</summary>
    internal static Tensor Apply(Tensor rows, SincKernel kernel, Tensor table)
    {
        using var scope = NewDisposeScope();
        long time = rows.shape[1];
        long length = kernel.Ratio.OutputLength(time);
        // Steps of the convolution that are needed: each makes New samples. They read Orig * steps + 2 * Width samples, and since
        // Orig * steps >= time, the padding to the right is never below Width.
        long steps = (length + kernel.Ratio.New - 1) / kernel.Ratio.New;
        var padded = nn.functional.pad(rows.unsqueeze(1), (kernel.Width, kernel.Ratio.Orig * steps + kernel.Width - time));
        var phases = nn.functional.conv1d(padded, table, stride: kernel.Ratio.Orig);     // [rows, New, steps]
        return phases.transpose(1, 2).reshape(rows.shape[0], -1).narrow(1, 0, length).MoveToOuterDisposeScope();
    }
}
