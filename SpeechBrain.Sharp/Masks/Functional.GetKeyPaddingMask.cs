using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp;

public static partial class Functional
{
    /// <summary>
    /// The mask of padded positions, found by the padding value itself: <b>True = padding</b>.
    /// </summary>
    /// <param name="paddedInput">
    /// <c>[batch, time]</c> (tokens), <c>[batch, time, features]</c> or <c>[batch, time, ch1, ch2]</c>; a frame is padding only where all
    /// its values equal <paramref name="padIdx"/>.
    /// </param>
    /// <param name="padIdx">The padding value. A token of this value inside a sentence is masked too.</param>
    /// <returns><c>[batch, time]</c> bool on the input's device.</returns>
    /// <remarks>
    /// <code>
    /// paddedInput = [[7, 2, 9, 4, 1], [7, 2, 9, 0, 0], [7, 0, 0, 0, 0], [7, 0, 9, 4, 0]], padIdx = 0
    ///     False False False False False
    ///     False False False True  True
    ///     False True  True  True  True
    ///     False True  False False True
    /// </code>
    /// SpeechBrain 1.1.0, <c>speechbrain/lobes/models/transformer/Transformer.py, get_key_padding_mask</c>.
    /// </remarks>
    /// <exception cref="ArgumentException">A wrong rank.</exception>
    public static Tensor GetKeyPaddingMask(Tensor paddedInput, long padIdx)
    {
        Require.Rank(paddedInput, nameof(paddedInput), "[batch, time], [batch, time, features] or [batch, time, ch1, ch2]", 2, 3, 4);
        using var scope = NewDisposeScope();
        var mask = paddedInput.detach().eq(padIdx);
        if (mask.dim() == 4)
            mask = mask.flatten(2);
        if (mask.dim() == 3)
            mask = mask.all(-1);
        return mask.MoveToOuterDisposeScope();
    }
}
