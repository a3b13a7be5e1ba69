using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Conformer;

/// <summary>
/// Sinusoids for the relative positions of a sequence, +(time - 1) ... 0 ... -(time - 1): what <see cref="RelPosMHAXL"/> takes.
/// </summary>
/// <remarks>
/// Row r belongs to the offset p = time - 1 - r and holds sin(|p| f_i) at 2i and cos(p f_i) at 2i + 1, with f_i = 10000^(-2i / embDim). As in
/// SpeechBrain, past and future offsets of one distance share a row's values: the encoding does not tell the sign of an offset, and
/// checkpoints are trained with that.
/// <para>Z. Dai et al., "Transformer-XL", https://arxiv.org/abs/1901.02860; SpeechBrain 1.1.0, <c>speechbrain/nnet/attention.py</c>. There the
/// table is computed in every forward; here it is computed once for a width and a device, and each call gets a view.</para>
/// </remarks>
public sealed class RelPosEncXL : nn.Module<Tensor, Tensor>
{
    private static readonly TableCache<(long Width, ScalarType Dtype, DeviceType Device, int Index)> Tables =
        new(
            (key, rows) => Build(key.Width, rows).to(key.Dtype, key.Device == DeviceType.CPU ? CPU : new Device(key.Device, key.Index)),
            (key, rows) => (Int128)(2 * rows - 1) * key.Width * key.Dtype.ElementSize(),
            TableBytes);

    private const long TableBytes = 64L << 20;

    private readonly long embDim;

    /// <summary>Makes the encoding.</summary>
    /// <param name="embDim">Width of the encoding, even: the width of the attention.</param>
    /// <exception cref="ArgumentException">The width is odd or below 2.</exception>
    public RelPosEncXL(long embDim)
        : base(nameof(RelPosEncXL))
    {
        PositionalEncoding.RequireWidth(embDim, nameof(embDim));
        this.embDim = embDim;
        // A constant that nobody reads: SpeechBrain's checkpoints have it.
        register_buffer("inv_freq", PositionalEncoding.Frequencies(embDim).DetachFromDisposeScope());
        RegisterComponents();
    }

    /// <summary>The encoding for a sequence.</summary>
    /// <param name="x"><c>[batch, time, ...]</c>; only its time, type and device matter.</param>
    /// <returns><c>[1, 2 time - 1, embDim]</c> of <paramref name="x"/>'s type; a view of a shared table: do not write into it.</returns>
    /// <exception cref="ArgumentException">Less than two dimensions, no frame, or not floating point.</exception>
    public override Tensor forward(Tensor x)
    {
        Require.MinimumRank(x, nameof(x), "[batch, time, ...]", 2);
        Require.Floating(x, nameof(x));
        return MakePe(x.size(1), x.dtype, x.device_type, x.device_index);
    }

    /// <summary>The encoding for a length.</summary>
    /// <param name="seqLen">Frames, at least 1.</param>
    /// <param name="dtype">Type of the result; the values are computed in float32, like SpeechBrain's.</param>
    /// <param name="deviceType">Where the result lies.</param>
    /// <param name="deviceIndex">Which of them, for a GPU.</param>
    /// <returns><c>[1, 2 seqLen - 1, embDim]</c>; a view of a shared table: do not write into it.</returns>
    /// <exception cref="ArgumentException"><paramref name="seqLen"/> is below 1, or above 2^24.</exception>
    public Tensor MakePe(long seqLen, ScalarType dtype = ScalarType.Float32, DeviceType deviceType = DeviceType.CPU, int deviceIndex = -1)
    {
        Require.Range(seqLen, nameof(seqLen), 1, PositionalEncoding.MostPositions);
        var key = (embDim, dtype, deviceType, deviceType == DeviceType.CPU ? -1 : deviceIndex);
        // Offset 0 lies in the middle of every table, so a shorter one is its inner part.
        return Tables.Get(key, seqLen, (table, rows) => table.narrow(1, rows - seqLen, 2 * seqLen - 1));
    }

    private static Tensor Build(long width, long rows)
    {
        var future = PositionalEncoding.Table(width, rows);
        var past = future.narrow(0, 1, rows - 1).flip(0);
        return cat([past, future]).unsqueeze(0);
    }
}
