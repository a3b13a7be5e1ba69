using SpeechBrain.Sharp.Transducer;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Decoding;

/// <summary>
/// Greedy transducer search over a batch: in each frame the likeliest output is taken and fed back until it is blank.
/// </summary>
/// <remarks>
/// <para>
/// Source: SpeechBrain 1.1.0, <c>decoders/transducer.py</c>, <c>transducer_greedy_decode</c>. Differs on purpose in two ways: lengths are
/// respected, while SpeechBrain decodes the padding as well (give no lengths for that); and at most <c>maxSymbolsPerStep</c> labels a
/// frame are emitted, while SpeechBrain emits one more than it is told (give 6 for its default).
/// </para>
/// <para>
/// Call <c>eval()</c> on the networks first. The search waits for the device once for each label or blank, since what comes next
/// depends on it.
/// </para>
/// </remarks>
public sealed class TransducerGreedySearcher
{
    private readonly nn.Module<Tensor, Tensor> embedding, projection, output;
    private readonly Lstm decoder;
    private readonly TransducerJoint joint;

    /// <param name="embedding">Labels <c>[batch, 1]</c> to vectors <c>[batch, 1, features]</c>.</param>
    /// <param name="decoder">The prediction network.</param>
    /// <param name="projection">From the prediction network's width to the joint's.</param>
    /// <param name="joint">The joint network.</param>
    /// <param name="output">From the joint's width to the outputs, as logits or log-probabilities.</param>
    /// <param name="blankId">Which output is blank; also what the prediction network begins with.</param>
    /// <param name="maxSymbolsPerStep">The most labels a frame may emit, at least 1. Without it a network could emit labels for ever.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="blankId"/> or <paramref name="maxSymbolsPerStep"/> is too small.</exception>
    public TransducerGreedySearcher(
        nn.Module<Tensor, Tensor> embedding, Lstm decoder, nn.Module<Tensor, Tensor> projection, TransducerJoint joint,
        nn.Module<Tensor, Tensor> output, long blankId = 0, int maxSymbolsPerStep = 5)
    {
        ArgumentNullException.ThrowIfNull(embedding);
        ArgumentNullException.ThrowIfNull(decoder);
        ArgumentNullException.ThrowIfNull(projection);
        ArgumentNullException.ThrowIfNull(joint);
        ArgumentNullException.ThrowIfNull(output);
        Require.Range(blankId, nameof(blankId), 0);
        Require.Range(maxSymbolsPerStep, nameof(maxSymbolsPerStep), 1);
        (this.embedding, this.decoder, this.projection, this.joint, this.output) = (embedding, decoder, projection, joint, output);
        (BlankId, MaxSymbolsPerStep) = (blankId, maxSymbolsPerStep);
    }

    /// <summary>Which output is blank.</summary>
    public long BlankId { get; }

    /// <summary>The most labels a frame may emit.</summary>
    public int MaxSymbolsPerStep { get; }

    /// <summary>A search through a <see cref="ConformerTransducer"/>, over what its <c>Encode</c> gives.</summary>
    /// <param name="model">The model; not taken over.</param>
    /// <param name="maxSymbolsPerStep">The most labels a frame may emit, at least 1.</param>
    /// <returns>The searcher.</returns>
    public static TransducerGreedySearcher For(ConformerTransducer model, int maxSymbolsPerStep = 5)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new(
            model.Embedding, model.Decoder, model.DecoderProjection, model.JointNetwork, model.OutputLayer, model.Options.BlankIndex,
            maxSymbolsPerStep);
    }

    /// <summary>Searches whole utterances.</summary>
    /// <param name="encoded">The encoder's output in the joint's width, <c>[batch, time, joint]</c>.</param>
    /// <param name="lengths">Frames of each utterance, 0 to time; null: all of them, padding included.</param>
    /// <returns>One hypothesis an utterance.</returns>
    /// <exception cref="ArgumentException">Shape or lengths do not fit.</exception>
    public IReadOnlyList<GreedyHypothesis> Search(Tensor encoded, long[]? lengths = null)
    {
        using var state = new GreedySearchState();
        return SearchChunk(encoded, state, lengths);
    }

    /// <summary>Searches the next chunk of streams; chunk by chunk it finds what one search over the whole finds.</summary>
    /// <param name="encoded">The chunk, <c>[batch, time, joint]</c>.</param>
    /// <param name="state">Where the streams stand; changed.</param>
    /// <param name="lengths">Frames of each stream in this chunk, 0 to time; null: all of them.</param>
    /// <returns>What each stream's chunk adds.</returns>
    /// <exception cref="ArgumentException">Shape, lengths or the state's batch do not fit.</exception>
    public IReadOnlyList<GreedyHypothesis> SearchChunk(Tensor encoded, GreedySearchState state, long[]? lengths = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        Require.Rank(encoded, nameof(encoded), "[batch, time, joint]", 3);
        Require.Floating(encoded, nameof(encoded));
        var (batch, time) = (encoded.size(0), encoded.size(1));
        if (state.Batch is { } streams && streams != batch)
            throw new ArgumentException(
                $"encoded has a batch of {batch} and the state one of {streams}; a state belongs to the streams it began with.", nameof(state));
        lengths ??= [.. Enumerable.Repeat(time, (int)batch)];
        if (lengths.Length != batch)
            throw new ArgumentException($"lengths has {lengths.Length} items; one for each of the {batch} utterances is needed.", nameof(lengths));
        foreach (long length in lengths)
            Require.Range(length, nameof(lengths), 0, time);

        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        bool begins = state.Batch is null;
        var found = new List<int>[batch];
        double[] scores = new double[batch];
        for (int b = 0; b < batch; b++)
            found[b] = [];
        try
        {
            if (begins && batch > 0)
                Predict(full(batch, 1, BlankId, dtype: ScalarType.Int64, device: encoded.device), state, null);
            for (long t = 0; t < lengths.DefaultIfEmpty(0).Max(); t++)
                SearchFrame(encoded.narrow(1, t, 1), [.. lengths.Select(length => t < length)], state, found, scores);
        }
        catch when (begins)
        {
            // A first chunk that was refused must not decide what the stream is.
            state.Dispose();
            throw;
        }
        return [.. found.Select((tokens, b) => new GreedyHypothesis(tokens, scores[b]))];
    }

    // Utterances that have met blank, or their end, wait for the others.
    private void SearchFrame(Tensor frame, bool[] active, GreedySearchState state, List<int>[] found, double[] scores)
    {
        using var scope = NewDisposeScope();
        var encoded = frame.unsqueeze(2);
        for (int emitted = 0; emitted < MaxSymbolsPerStep; emitted++)
        {
            using var step = NewDisposeScope();
            var logits = output.call(joint.call(encoded, state.Tensors.Predicted.unsqueeze(1))!)!.reshape(active.Length, -1);
            var (best, labels) = logits.max(1);
            long[] label = BatchLengths.HostValues(labels);
            for (int b = 0; b < active.Length; b++)
                active[b] &= label[b] != BlankId;
            if (!active.Contains(true))
                return;

            using var logProbability = (best - logits.logsumexp(1)).to(ScalarType.Float64).cpu().data<double>();
            double[] added = logProbability.ToArray();
            for (int b = 0; b < active.Length; b++)
            {
                if (!active[b])
                    continue;
                found[b].Add((int)label[b]);
                scores[b] += added[b];
            }
            Predict(labels.unsqueeze(1), state, active);
        }
    }

    /// <summary>
    /// Feeds labels <c>[batch, 1]</c> to the prediction network; utterances that are not <paramref name="moving"/> keep their state.
    /// </summary>
    private void Predict(Tensor labels, GreedySearchState state, bool[]? moving)
    {
        using var scope = NewDisposeScope();
        if (moving is null)
        {
            var (first, firstHidden, firstCell) = decoder.call(embedding.call(labels)!);
            state.Replace(projection.call(first)!, firstHidden, firstCell);
            return;
        }
        var (predicted, hidden, cell) = state.Tensors;
        var (next, nextHidden, nextCell) = decoder.call(embedding.call(labels)!, (hidden, cell));
        var moves = tensor(moving, dtype: ScalarType.Bool, device: labels.device);
        var ofBatch = moves.reshape(-1, 1, 1);
        var ofState = moves.reshape(1, -1, 1);
        state.Replace(
            where(ofBatch, projection.call(next)!, predicted),
            where(ofState, nextHidden, hidden),
            where(ofState, nextCell, cell));
    }
}
