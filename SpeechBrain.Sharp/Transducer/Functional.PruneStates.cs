using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp;

public static partial class Functional
{
    /// <summary>
    /// What the joint gets for pruned logits: each frame beside the predictor states of its window.
    /// </summary>
    /// <param name="encoded">From the encoder, <c>[batch, T, H]</c>.</param>
    /// <param name="predicted">From the predictor, <c>[batch, U + 1, H]</c>.</param>
    /// <param name="ranges">States of each frame <c>[batch, T, states]</c> from <see cref="PruneRanges"/>.</param>
    /// <returns>
    /// Encodings <c>[batch, T, 1, H]</c>, a view, and predictions <c>[batch, T, states, H]</c>, which a joint broadcasts to one another.
    /// </returns>
    /// <exception cref="ArgumentException">Shapes, dtypes or devices do not fit, or (on the CPU) a state does not exist.</exception>
    public static (Tensor Encoded, Tensor Predicted) PruneStates(Tensor encoded, Tensor predicted, Tensor ranges)
    {
        Require.Rank(encoded, nameof(encoded), "[batch, T, H]", 3);
        Require.Rank(predicted, nameof(predicted), "[batch, U + 1, H]", 3);
        Require.Size(predicted, nameof(predicted), 0, encoded.size(0), "the batch of encoded [batch, T, H]");
        Require.SameDevice(predicted, nameof(predicted), encoded, nameof(encoded));
        CheckRanges(ranges, encoded, predicted.size(1));
        using var scope = NewDisposeScope();
        var (batch, states, width) = (predicted.size(0), predicted.size(1), predicted.size(2));
        // One index_select over all rows of the batch: its backward is a plain index_add.
        var firstRow = arange(batch, dtype: ScalarType.Int64, device: encoded.device).mul(states).reshape(batch, 1, 1);
        var chosen = predicted.reshape(batch * states, width).index_select(0, (ranges + firstRow).reshape(-1));
        return scope.MoveToOuter(encoded.unsqueeze(2), chosen.reshape(batch, encoded.size(1), ranges.size(2), width));
    }

    private static void CheckRanges(Tensor ranges, Tensor data, long states)
    {
        Require.Rank(ranges, nameof(ranges), "[batch, T, states]", 3);
        if (ranges.dtype != ScalarType.Int64)
            throw new ArgumentException($"ranges is {Require.Describe(ranges)}; it must be int64, as PruneRanges gives it.", nameof(ranges));
        Require.Size(ranges, nameof(ranges), 0, data.size(0), "the batch");
        Require.Size(ranges, nameof(ranges), 1, data.size(1), "T");
        Require.Range(ranges.size(2), "the states of ranges", 1, states);
        Require.SameDevice(ranges, nameof(ranges), data, "the data");
        if (!ranges.is_cpu() || ranges.numel() == 0)
            return;
        using var scope = NewDisposeScope();
        var (least, most) = (ranges.min().item<long>(), ranges.max().item<long>());
        if (least < 0 || most >= states)
            throw new ArgumentOutOfRangeException(nameof(ranges), least < 0 ? least : most, $"ranges must hold states in [0, {states - 1}].");
    }
}
