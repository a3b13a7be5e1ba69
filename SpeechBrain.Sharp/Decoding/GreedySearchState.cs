using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Decoding;

/// <summary>
/// Where a greedy search stands between the chunks of a stream: the prediction network's output and state after the last label of each
/// utterance. Make one for a stream, hand it to each <see cref="TransducerGreedySearcher.SearchChunk"/>, dispose of it at the end.
/// </summary>
public sealed class GreedySearchState : IDisposable
{
    private (Tensor Predicted, Tensor Hidden, Tensor Cell)? tensors;

    /// <summary>Utterances of the stream; null before the first chunk.</summary>
    public long? Batch => tensors?.Predicted.size(0);

    /// <summary>The predictor's projected output <c>[batch, 1, joint]</c> and the LSTM's state <c>[layers, batch, hidden]</c>.</summary>
    internal (Tensor Predicted, Tensor Hidden, Tensor Cell) Tensors => tensors ?? throw new InvalidOperationException("the search has not begun");

    /// <inheritdoc/>
    public void Dispose()
    {
        if (tensors is var (predicted, hidden, cell))
        {
            predicted.Dispose();
            hidden.Dispose();
            cell.Dispose();
        }
        tensors = null;
    }

    /// <summary>Takes over tensors in place of those it holds.</summary>
    internal void Replace(Tensor predicted, Tensor hidden, Tensor cell)
    {
        Dispose();
        // Out of every scope: the state lives as long as its stream.
        tensors = (predicted.DetachFromDisposeScope(), hidden.DetachFromDisposeScope(), cell.DetachFromDisposeScope());
    }
}
