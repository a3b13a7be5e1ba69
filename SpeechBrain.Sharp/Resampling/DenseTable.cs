using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Resampling;

/// <summary>
/// The conv1d form of resampling: one strided convolution with the dense table of <see cref="SincKernel"/>. Differentiable, on any device;
/// its cost and memory grow with <c>Orig * New</c>.
/// </summary>
internal sealed class DenseTable(SincKernel kernel, Tensor table) : ResamplingTable
{
    internal override long Bytes => table.numel() * table.dtype.ElementSize();

    internal override Tensor Apply(Tensor waveforms) => ByRows(waveforms, Rows);

    internal override ResamplingTable Alias() => new DenseTable(kernel, table.alias().DetachFromDisposeScope());

    public override void Dispose() => table.Dispose();

    private Tensor Rows(Tensor rows)
    {
        long time = rows.shape[1];
        long length = kernel.Ratio.OutputLength(time);
        // Steps of the convolution that are needed: each makes New samples. They read Orig * steps + 2 * Width samples, and since
        // Orig * steps >= time, the padding to the right is never below Width.
        long steps = (length + kernel.Ratio.New - 1) / kernel.Ratio.New;
        var padded = nn.functional.pad(rows.unsqueeze(1), (kernel.Width, kernel.Ratio.Orig * steps + kernel.Width - time));
        var phases = nn.functional.conv1d(padded, table, stride: kernel.Ratio.Orig);     // [rows, New, steps]
        return phases.transpose(1, 2).reshape(rows.shape[0], -1).narrow(1, 0, length);
    }
}
