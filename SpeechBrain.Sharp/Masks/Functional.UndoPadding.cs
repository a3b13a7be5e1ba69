using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp;

public static partial class Functional
{
    /// <summary>
    /// Cuts the padding off a batch: the inverse of padding.
    /// </summary>
    /// <param name="batch"><c>[batch, time, ...]</c>.</param>
    /// <param name="lengths"><c>[batch]</c>, relative (0 to 1); absolute ones are <see cref="AbsoluteLengths"/>.</param>
    /// <returns>One view <c>[length, ...]</c> for each item, in the current dispose scope. Reads the lengths, and so <b>synchronises</b>.</returns>
    /// <remarks>SpeechBrain 1.1.0, <c>speechbrain/utils/data_utils.py, undo_padding</c> (which returns Python lists).</remarks>
    /// <exception cref="ArgumentException">Wrong ranks, sizes or lengths.</exception>
    public static IReadOnlyList<Tensor> UndoPadding(Tensor batch, Tensor lengths)
    {
        Require.MinimumRank(batch, nameof(batch), "[batch, time, ...]", 2);
        long[] shape = batch.shape;
        RequireRelativeLengths(lengths, nameof(lengths), shape[0]);
        long[] absolute;
        using (NewDisposeScope())
            absolute = shape[0] == 0 ? [] : AbsoluteLengths(lengths, shape[1]).cpu().data<long>().ToArray();
        var items = new Tensor[absolute.Length];
        for (int i = 0; i < items.Length; i++)
        {
            using var row = batch.select(0, i);
            items[i] = row.narrow(0, 0, absolute[i]);
        }
        return items;
    }
}
