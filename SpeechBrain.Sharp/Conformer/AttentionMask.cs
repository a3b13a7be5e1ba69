using SpeechBrain.Sharp.Masks;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Conformer;

/// <summary>
/// An attention mask and a padding mask in the form that every attention here takes: converted once for a forward pass, used by all of its
/// layers. Its tensors belong to the dispose scope in which it was made.
/// </summary>
/// <remarks>
/// Masked scores get a large negative number added, not -infinity: the softmax of a row without any allowed key is then finite, and the
/// row's result is set to zero afterwards, in value and gradient alike. (torch before 2.5 gives NaN there, torch 2.5 and newer and
/// SpeechBrain's RelPosMHAXL give zeros.) An addition is vectorised where <c>masked_fill</c> is not: 11 times faster on a CPU.
/// <code>
/// an item of 4 frames padded to 5, chunks of 2 that see no other chunk; x: masked, so the last row has no key
///     0 0 x x x
///     0 0 x x x
///     x x 0 0 x
///     x x 0 0 x
///     x x x x x      result 0
/// </code>
/// </remarks>
public sealed class AttentionMask
{
    private AttentionMask(Tensor additive, Tensor? alive, Tensor? padding)
    {
        Additive = additive;
        PerHead = additive.unsqueeze(1);
        Alive = alive;
        Padding = padding;
    }

    /// <summary><c>[batch or 1, time or 1, time]</c>: row = query, column = key; 0 where a query may attend, far below any score elsewhere.</summary>
    internal Tensor Additive { get; }

    /// <summary><see cref="Additive"/> with a dimension for the heads, <c>[batch or 1, 1, time or 1, time]</c>.</summary>
    internal Tensor PerHead { get; }

    /// <summary><c>[batch or 1, time or 1, 1]</c>: 1 for queries that have a key, 0 for the others; null: all have one.</summary>
    internal Tensor? Alive { get; }

    /// <summary><c>[batch, time, 1]</c> bool, <b>True = padding</b>; null without padding.</summary>
    internal Tensor? Padding { get; }

    /// <summary>Converts masks.</summary>
    /// <param name="srcMask">
    /// <c>[time, time]</c>, row = query, column = key: bool, <b>True = may not attend</b>; or floating point, added to the scores
    /// (-infinity: may not attend). Null: nothing masked. See <see cref="Functional.MakeTransformerSrcMask"/>. A mask that a
    /// <see cref="MaskCache"/> gave is not converted again: its other form comes from that cache.
    /// </param>
    /// <param name="keyPaddingMask"><c>[batch, time]</c> bool, <b>True = padding</b>. Null: no padding.</param>
    /// <param name="dtype">The type of the attention's products: that of its input, or what <see cref="MixedPrecision"/> says.</param>
    /// <returns>The mask, or null if nothing is masked.</returns>
    /// <exception cref="ArgumentException">Wrong ranks, types, sizes or devices.</exception>
    public static AttentionMask? From(Tensor? srcMask, Tensor? keyPaddingMask, ScalarType dtype = ScalarType.Float32)
    {
        if (srcMask is null && keyPaddingMask is null)
            return null;
        if (!Require.IsReal(dtype))
            throw new ArgumentException($"dtype is {dtype}; it must be the input's, a floating-point type.", nameof(dtype));
        Check(srcMask, keyPaddingMask);
        float lowest = MaskCache.Lowest(dtype);

        using var scope = NewDisposeScope();
        var converted = srcMask is null ? null : MaskCache.Converted(srcMask, dtype);
        var attention = srcMask is null ? null : (converted ?? Additive(srcMask)).unsqueeze(0);
        var padding = keyPaddingMask is null ? null : Additive(keyPaddingMask).unsqueeze(1);
        var additive = attention is null ? padding! : padding is null ? attention : attention.add(padding);
        // Where both masks mask, twice the number is added: still finite. A query with a key has a maximum that no mask has touched; those of a
        // cached mask alone see themselves.
        var alive = converted is not null && padding is null ? null : additive.amax([-1L], keepdim: true).gt(lowest / 2).to(dtype);
        var mask = new AttentionMask(additive, alive, keyPaddingMask?.unsqueeze(-1));
        scope.MoveToOuter(mask.Additive, mask.PerHead);
        mask.Alive?.MoveToOuterDisposeScope();
        mask.Padding?.MoveToOuterDisposeScope();
        return mask;

        Tensor Additive(Tensor masked) => masked.dtype == ScalarType.Bool
            ? masked.to(dtype).mul_(lowest)
            : masked.to(dtype).clamp_min(lowest);
    }

    /// <summary>Fails unless the mask is for sequences of that many items and frames, of that type.</summary>
    internal void RequireFit(Tensor x)
    {
        long batch = Math.Max(Additive.size(0), 1), time = Additive.size(2);
        if (time != x.size(1) || (batch != 1 && batch != x.size(0)))
            throw new ArgumentException(
                $"The masks are for {(batch == 1 ? "any number of" : batch)} items of {time} frames; the input is {Require.Describe(x)}.");
        if (Additive.dtype != x.dtype)
            throw new ArgumentException(
                $"The masks were made for {Additive.dtype}; the attention computes in {x.dtype}. Make them with AttentionMask.From(..., that type).");
        Require.SameDevice(Additive, "the mask", x, "the input");
    }

    private static void Check(Tensor? srcMask, Tensor? keyPaddingMask)
    {
        if (srcMask is not null)
        {
            Require.Rank(srcMask, nameof(srcMask), "[time, time]", 2);
            if (srcMask.size(0) != srcMask.size(1) || srcMask.size(0) == 0)
                throw new ArgumentException($"srcMask is {Require.Describe(srcMask)}; it must be [time, time] with a time above 0.", nameof(srcMask));
            if (srcMask.dtype != ScalarType.Bool)
                Require.Floating(srcMask, nameof(srcMask));
        }
        if (keyPaddingMask is null)
            return;
        Require.Rank(keyPaddingMask, nameof(keyPaddingMask), "[batch, time]", 2);
        if (keyPaddingMask.dtype != ScalarType.Bool || keyPaddingMask.size(1) == 0)
            throw new ArgumentException(
                $"keyPaddingMask is {Require.Describe(keyPaddingMask)}; it must be bool, True = padding, of a time above 0.",
                nameof(keyPaddingMask));
        if (srcMask is null)
            return;
        if (srcMask.size(1) != keyPaddingMask.size(1))
            throw new ArgumentException(
                $"keyPaddingMask is {Require.Describe(keyPaddingMask)} and srcMask {Require.Describe(srcMask)}; both must be equally wide.",
                nameof(keyPaddingMask));
        Require.SameDevice(keyPaddingMask, nameof(keyPaddingMask), srcMask, nameof(srcMask));
    }
}
