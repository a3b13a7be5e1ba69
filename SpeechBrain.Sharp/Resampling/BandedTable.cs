using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Resampling;

/// <summary>
/// The banded form of resampling. Resampling one period is a product with a matrix of n columns whose weights lie in a band along the
/// diagonal; cut into blocks of S input samples, what is not zero is one small dense matrix a block. All blocks of all periods
/// and rows are one batched product. Differentiable, on any device.
/// </summary>
/// <remarks>
/// Block b makes the outputs that lie at or after input sample b S and before (b + 1) S. They meet a window of K = S + L or so samples that begins
/// P = <c>-FirstTap(0)</c> before b S. With S = 4 L the product costs 5 L multiplications an output where L matter, in matrices large
/// enough to run near the machine's peak; windows overlap by a fifth of what is read. At 16000 -> 16842 (L = 13, S = 52) that is 65 products, 131
/// operations, a sample where 26 are the floor, and in float32 some 42 bytes are moved (padding, windows, product, and two steps of putting
/// outputs in order) where 8 are the floor.
/// </remarks>
internal sealed class BandedTable : ResamplingTable
{
    private const long StepsOfReach = 4;

    private readonly SincKernel kernel;
    private readonly Bands bands;
    private readonly Tensor matrices, order;

    private BandedTable(SincKernel kernel, Bands bands, Tensor matrices, Tensor order) =>
        (this.kernel, this.bands, this.matrices, this.order) = (kernel, bands, matrices, order);

    internal override long Bytes => matrices.numel() * matrices.dtype.ElementSize() + order.numel() * sizeof(long);

    internal static BandedTable Make(SincKernel kernel, ScalarType computed, Device device)
    {
        var bands = new Bands(kernel);
        int columns = checked((int)bands.Columns), window = checked((int)bands.Window);
        var values = new double[checked(bands.Blocks * window * columns)];
        var places = new long[bands.Phases];
        for (long p = 0; p < bands.Phases; p++)
        {
            long block = bands.BlockOf(p), column = p - bands.FirstPhase(block), first = kernel.FirstTap(p);
            places[p] = block * columns + column;
            for (long k = first; k < first + kernel.Reach; k++)
                values[(block * window + k - bands.WindowStart(block)) * columns + column] = kernel.Weight(k, p);
        }
        using var scope = NewDisposeScope();
        var matrices = tensor(values, [bands.Blocks, window, columns], computed).to(device);
        var order = tensor(places, ScalarType.Int64).to(device);
        return new BandedTable(kernel, bands, matrices.DetachFromDisposeScope(), order.DetachFromDisposeScope());
    }

    internal static Int128 BytesOf(SincKernel kernel, ScalarType dtype)
    {
        var bands = new Bands(kernel);
        return (Int128)bands.Blocks * bands.Window * bands.Columns * dtype.ElementSize() + (Int128)bands.Phases * sizeof(long);
    }

    internal override Tensor Apply(Tensor waveforms) => ByRows(waveforms, Rows);

    internal override ResamplingTable Alias() =>
        new BandedTable(kernel, bands, matrices.alias().DetachFromDisposeScope(), order.alias().DetachFromDisposeScope());

    public override void Dispose()
    {
        matrices.Dispose();
        order.Dispose();
    }

    private Tensor Rows(Tensor rows)
    {
        long count = rows.shape[0], time = rows.shape[1], length = kernel.Ratio.OutputLength(time);
        long periods = (length + bands.Phases - 1) / bands.Phases;
        // A signal shorter than a period needs only the first blocks.
        long blocks = periods == 1 ? bands.BlockOf(length - 1) + 1 : bands.Blocks;
        long span = (blocks - 1) * bands.Step + bands.Window;
        long right = Math.Max(0, (periods - 1) * bands.Period + span - bands.Before - time);
        var windows = nn.functional.pad(rows, (bands.Before, right))
            .unfold(1, span, bands.Period).narrow(1, 0, periods)        // [rows, periods, span]
            .unfold(2, bands.Window, bands.Step)                        // [rows, periods, blocks, window]
            .permute(2, 0, 1, 3).reshape(blocks, count * periods, bands.Window);
        var outputs = bmm(windows, matrices.narrow(0, 0, blocks));      // [blocks, rows * periods, columns]
        outputs = outputs.transpose(0, 1).reshape(count * periods, blocks * bands.Columns);
        // Blocks make Columns outputs or one less: that one is left out.
        long made = Math.Min(bands.Phases, periods == 1 ? length : bands.Phases);
        if (made != blocks * bands.Columns)
            outputs = outputs.index_select(1, order.narrow(0, 0, made));
        return outputs.reshape(count, periods * made).narrow(1, 0, length);
    }

    /// <summary>How a period is cut into blocks.</summary>
    private sealed record Bands
    {
        internal Bands(SincKernel kernel)
        {
            // Short periods are taken several at a time, long ones in equal steps.
            long target = Math.Max(32, StepsOfReach * kernel.Reach);
            long repeats = Math.Max(1, target / kernel.Ratio.Orig);
            Period = kernel.Ratio.Orig * repeats;
            Phases = kernel.Ratio.New * repeats;
            Blocks = Math.Max(1, (Period + target / 2) / target);
            Step = (Period + Blocks - 1) / Blocks;
            Blocks = (Period + Step - 1) / Step;
            Before = -kernel.FirstTap(0);
            // The last output of a block lies less than Step after its begin, and its first tap as much after the window's.
            Window = Step + kernel.Reach;
            Columns = (long)(((Int128)Step * Phases + Period - 1) / Period);
        }

        internal long Period { get; }

        internal long Phases { get; }

        internal long Blocks { get; }

        internal long Step { get; }

        internal long Window { get; }

        internal long Columns { get; }

        /// <summary>Input samples of a window before its block.</summary>
        internal long Before { get; }

        internal long BlockOf(long phase) => (long)((Int128)phase * Period / Phases / Step);

        internal long FirstPhase(long block) => (long)(((Int128)block * Step * Phases + Period - 1) / Period);

        internal long WindowStart(long block) => block * Step - Before;
    }
}
