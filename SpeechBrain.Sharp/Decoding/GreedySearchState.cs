using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Decoding;

/// <summary>
/// Where a greedy search stands between the chunks of a stream: the prediction network's output and state after the last label of each
/// utterance. Make one for a stream, hand it to each <see cref="TransducerGreedySearcher.SearchChunk"/>, dispose of it at the end.
/// </summary>
/// <remarks>
/// A stream can be laid aside and taken up later, by another process too:
/// <code>
/// Safetensors.Save("stream.safetensors", state.StateDict());
/// using var again = GreedySearchState.FromStateDict(Safetensors.Load("stream.safetensors"));
/// </code>
/// </remarks>
public sealed class GreedySearchState : IDisposable
{
    private static readonly string[] Keys = ["predicted", "hidden", "cell"];
    private Prediction? prediction;

    /// <summary>Utterances of the stream; null before the first chunk.</summary>
    public long? Batch => prediction?.Output.size(0);

    /// <summary>What the search goes on from; null before the first chunk.</summary>
    internal Prediction? Prediction => prediction;

    /// <summary>
    /// Copies of what the state holds: <c>predicted</c> <c>[batch, joint]</c>, <c>hidden</c> and <c>cell</c> <c>[batch, layers, hidden]</c>; none
    /// before the first chunk. They belong to the caller's dispose scope.
    /// </summary>
    /// <returns>Tensors by name.</returns>
    public Dictionary<string, Tensor> StateDict() => prediction is { } p
        ? new() { [Keys[0]] = p.Output.clone(), [Keys[1]] = p.Hidden.clone(), [Keys[2]] = p.Cell.clone() }
        : [];

    /// <summary>A state that goes on where <see cref="StateDict"/> was taken.</summary>
    /// <param name="tensors">What it gave; copied.</param>
    /// <param name="device">Where the networks are; where the tensors lie by default.</param>
    /// <returns>The state.</returns>
    /// <exception cref="ArgumentException">Names, shapes or dtypes are not those of a state.</exception>
    public static GreedySearchState FromStateDict(IReadOnlyDictionary<string, Tensor> tensors, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        var state = new GreedySearchState();
        if (tensors.Count == 0)
            return state;
        if (!tensors.Keys.ToHashSet().SetEquals(Keys))
            throw new ArgumentException(
                $"tensors has the keys [{string.Join(", ", tensors.Keys.Order())}]; a search's state has {string.Join(", ", Keys)}.",
                nameof(tensors));
        var (predicted, hidden, cell) = (tensors[Keys[0]], tensors[Keys[1]], tensors[Keys[2]]);
        Require.Rank(predicted, Keys[0], "[batch, joint]", 2);
        Require.Rank(hidden, Keys[1], "[batch, layers, hidden]", 3);
        Require.Rank(cell, Keys[2], "[batch, layers, hidden]", 3);
        foreach (string key in Keys)
        {
            Require.Floating(tensors[key], key);
            Require.Size(tensors[key], key, 0, predicted.size(0), "the batch of predicted");
        }
        if (!hidden.shape.SequenceEqual(cell.shape))
            throw new ArgumentException(
                $"hidden is {Require.Describe(hidden)} and cell {Require.Describe(cell)}; they must have one shape.", nameof(tensors));
        using var scope = NewDisposeScope();
        state.Replace(new Prediction(predicted, hidden, cell).Map(t => t.detach().to(device ?? t.device, copy: true)));
        return state;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        prediction?.Free();
        prediction = null;
    }

    /// <summary>Takes over tensors in place of those it holds.</summary>
    internal void Replace(Prediction next)
    {
        Dispose();
        // Out of every scope: the state lives as long as its stream.
        prediction = next.Map(t => t.DetachFromDisposeScope());
    }
}
