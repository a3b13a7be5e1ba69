using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Conformer;

/// <summary>
/// Fixed sinusoids for absolute positions: sin(t f_i) at 2i and cos(t f_i) at 2i + 1, with f_i = 10000^(-2i / inputSize).
/// </summary>
/// <remarks>
/// A. Vaswani et al., "Attention is all you need", https://arxiv.org/abs/1706.03762; SpeechBrain 1.1.0,
/// <c>speechbrain/lobes/models/transformer/Transformer.py</c>. The table is the buffer <c>pe</c> and part of the state dict. A sequence longer
/// than the table is refused, where SpeechBrain silently gives fewer rows.
/// </remarks>
public sealed class PositionalEncoding : nn.Module<Tensor, Tensor>
{
    /// <summary>Up to here float32, in which positions are counted, holds every integer.</summary>
    internal const long MostPositions = 1 << 24;

    private readonly long maxLen;

    /// <summary>Makes the table.</summary>
    /// <param name="inputSize">Width of the encoding, even.</param>
    /// <param name="maxLen">Frames of the longest sequence, at least 1.</param>
    /// <exception cref="ArgumentException">The width is odd or below 2, or the length is not 1 to 2^24.</exception>
    public PositionalEncoding(long inputSize, long maxLen = 2500)
        : base(nameof(PositionalEncoding))
    {
        RequireWidth(inputSize, nameof(inputSize));
        Require.Range(maxLen, nameof(maxLen), 1, MostPositions);
        this.maxLen = maxLen;
        using (NewDisposeScope())
            register_buffer("pe", Table(inputSize, maxLen).unsqueeze(0).DetachFromDisposeScope());
        RegisterComponents();
    }

    /// <summary>The encoding for a sequence; it is not added to it.</summary>
    /// <param name="x"><c>[batch, time, ...]</c>; only its time matters.</param>
    /// <returns><c>[1, time, inputSize]</c>; a view of the buffer: do not write into it.</returns>
    /// <exception cref="ArgumentException">Less than two dimensions, or more frames than the table has.</exception>
    public override Tensor forward(Tensor x)
    {
        Require.MinimumRank(x, nameof(x), "[batch, time, ...]", 2);
        return Positions(0, x.size(1), nameof(x));
    }

    /// <summary>The encoding for frames of a sequence that begin at a position: <c>[1, time, inputSize]</c>, a view.</summary>
    internal Tensor Positions(long begin, long time, string name)
    {
        if (begin + time > maxLen)
            throw new ArgumentException(
                $"{name} has {time} frames {(begin > 0 ? $"after {begin} of its stream " : "")}and the positional table {maxLen}; cut {name} or make "
                + "the table longer (maxLen, TransformerASR's maxLength).", name);
        return get_buffer("pe")!.narrow(1, begin, time);
    }

    internal static void RequireWidth(long width, string name)
    {
        if (width < 2 || width % 2 != 0)
            throw new ArgumentOutOfRangeException(name, width, $"{name} must be even and at least 2: each frequency has a sine and a cosine.");
    }

    /// <summary><c>[width / 2]</c> float32, angular frequencies a frame, rounded as SpeechBrain's are.</summary>
    internal static Tensor Frequencies(long width)
    {
        using var scope = NewDisposeScope();
        return arange(0, width, 2, ScalarType.Float32, CPU).mul((float)-(Math.Log(10000.0) / width)).exp().DetachFromDisposeScope();
    }

    /// <summary><c>[rows, width]</c> float32 in the current dispose scope: sines at even columns, cosines at odd ones.</summary>
    internal static Tensor Table(long width, long rows)
    {
        using var frequencies = Frequencies(width);
        var angles = arange(0, rows, 1, ScalarType.Float32, CPU).unsqueeze(1).mul(frequencies);
        return stack([angles.sin(), angles.cos()], -1).reshape(rows, width);
    }
}
