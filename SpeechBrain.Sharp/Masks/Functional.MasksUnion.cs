using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp;

public static partial class Functional
{
    /// <summary>
    /// Joins an attention mask and a key padding mask, in which <b>True = masked</b>, into the mask that scaled dot-product attention takes,
    /// in which <b>True = kept</b>.
    /// </summary>
    /// <param name="bsz">Batch size.</param>
    /// <param name="klen">Keys (and queries): the time axis.</param>
    /// <param name="numHeads">Attention heads.</param>
    /// <param name="attnMask">
    /// <c>[klen, klen]</c>: bool, True = masked; or additive, where -infinity = masked and any other value counts as kept (a finite bias can't
    /// be expressed by a bool mask). Null: nothing masked.
    /// </param>
    /// <param name="keyPaddingMask"><c>[bsz, klen]</c> bool, True = padding. Null: no padding.</param>
    /// <returns>
    /// <c>[bsz, numHeads, klen, klen]</c> bool, True = kept; a view in which heads (and, without padding, items) share their memory. Null if
    /// both masks are null.
    /// </returns>
    /// <remarks>
    /// <code>
    /// the first four rows of an item of length 4 at klen = 5, chunks of 2, left context of 1 chunk:
    ///     True  True  False False False
    ///     True  True  False False False
    ///     True  True  True  True  False
    ///     True  True  True  True  False
    /// </code>
    /// SpeechBrain 1.1.0, <c>speechbrain/nnet/attention.py, masks_union</c>.
    /// </remarks>
    /// <exception cref="ArgumentException">Masks of another shape, type or device.</exception>
    public static Tensor? MasksUnion(long bsz, long klen, long numHeads, Tensor? attnMask, Tensor? keyPaddingMask)
    {
        Require.Range(bsz, nameof(bsz), 0);
        Require.Range(klen, nameof(klen), 0);
        Require.Range(numHeads, nameof(numHeads), 1);
        if (attnMask is not null)
        {
            RequireShape(attnMask, nameof(attnMask), klen, klen, "[klen, klen]");
            if (attnMask.dtype != ScalarType.Bool)
                Require.Floating(attnMask, nameof(attnMask));
        }
        if (keyPaddingMask is not null)
        {
            RequireShape(keyPaddingMask, nameof(keyPaddingMask), bsz, klen, "[bsz, klen]");
            if (keyPaddingMask.dtype != ScalarType.Bool)
                throw new ArgumentException($"keyPaddingMask is {Require.Describe(keyPaddingMask)}; it must be bool, True = padding.", nameof(keyPaddingMask));
            if (attnMask is not null)
                Require.SameDevice(keyPaddingMask, nameof(keyPaddingMask), attnMask, nameof(attnMask));
        }

        using var scope = NewDisposeScope();
        var kept = attnMask is null ? null : attnMask.dtype == ScalarType.Bool ? attnMask.logical_not() : attnMask.ne(MinusInfinity);
        if (keyPaddingMask is not null)
        {
            // Negated while it is small: the only pass over [bsz, klen, klen] is the conjunction.
            var valid = keyPaddingMask.logical_not().unsqueeze(1);
            kept = kept is null ? valid : kept.logical_and(valid);
        }
        if (kept is null)
            return null;
        return (kept.dim() == 2 ? kept.unsqueeze(0) : kept).unsqueeze(1).expand(bsz, numHeads, klen, klen).MoveToOuterDisposeScope();
    }

    private static void RequireShape(Tensor mask, string name, long rows, long columns, string layout)
    {
        Require.Rank(mask, name, layout, 2);
        long[] shape = mask.shape;
        if (shape[0] != rows || shape[1] != columns)
            throw new ArgumentException($"{name} is {Require.Describe(mask)}; it must be {layout} = [{rows}, {columns}].", name);
    }
}
