using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Decoding;

/// <summary>Runs prediction network, language model and joint network for prefixes of many utterances at once, and keeps their states.</summary>
internal sealed class BeamNetworks(
    DecodingNetworks networks, ILanguageModel? languageModel, int outputs, EncodedBatch batch) : IDisposable
{
    // What a row holds: the prediction, and with a language model what it expects next and its states.
    private const int Output = 0, Hidden = 1, Cell = 2, Expected = 3, LanguageModelStates = 4;
    private readonly StateRows rows = new();
    private int languageModelStates;

    /// <summary>Empty prefixes, one an utterance.</summary>
    public IReadOnlyList<BeamPrefix> Begin()
    {
        using var scope = NewDisposeScope();
        int count = batch.Lengths.Length;
        var first = networks.Begin(count, batch.Device);
        var expected = languageModel?.Next(full(count, networks.BlankId, dtype: ScalarType.Int64, device: batch.Device), null);
        languageModelStates = expected?.States.Count ?? 0;
        return [.. Put(first, expected, count).Select(row => new BeamPrefix { Row = row })];
    }

    /// <summary>Gives back the row of a prefix.</summary>
    public void Free(long row) => rows.Free(row);

    /// <summary>Scores prefixes, each in a frame. Waits for the device once.</summary>
    public void Score(IReadOnlyList<(int Utterance, long Frame, BeamPrefix Prefix)> requests)
    {
        using var scope = NewDisposeScope();
        Predict([.. requests.Select(r => r.Prefix).Where(p => p.Row is null)]);
        var states = batch.Index(requests.Select(r => r.Prefix.Row!.Value));
        var frames = batch.Select(requests.Select(r => (r.Utterance, r.Frame))).unsqueeze(1);      // [requests, 1, joint]
        var log = networks.Logits(frames, rows.Take(Output, states)).squeeze(1).log_softmax(-1);   // [requests, outputs]
        int best = (int)Math.Min(outputs, log.size(1));
        var (values, labels) = log.topk(best, 1);
        List<Tensor> columns = [values, labels, log.narrow(1, networks.BlankId, 1)];
        if (languageModel is not null)
        {
            var expected = rows.Take(Expected, states);
            if (expected.dim() != 2 || expected.size(1) != log.size(1))
                throw new ArgumentException(
                    $"the language model's log-probabilities are {Require.Describe(expected)}; they must be [texts, {log.size(1)}], "
                    + "as wide as the outputs.");
            columns.Add(expected.gather(1, labels));
        }
        double[] found = EncodedBatch.HostValues(cat([.. columns.Select(c => c.to(ScalarType.Float64))], 1));
        int width = found.Length / requests.Count;
        foreach (var (i, request) in requests.Index())
        {
            var row = found.AsSpan(i * width, width);
            if (row.ContainsAny(double.NaN, double.PositiveInfinity))
                throw new ArgumentException(
                    $"the outputs of frame {request.Frame} of utterance {request.Utterance} are not finite; "
                    + "look for NaN in encoded, in the weights, or in what the language model gives.", "encoded");
            request.Prefix.Scores = new(
                row[2 * best], Array.ConvertAll(row.Slice(best, best).ToArray(), v => (int)v), row[..best].ToArray(),
                languageModel is null ? null : row[(2 * best + 1)..].ToArray());
            request.Prefix.ScoredFrame = request.Frame;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => rows.Dispose();

    // Feeds the networks the last label of prefixes whose parents they know.
    private void Predict(IReadOnlyList<BeamPrefix> prefixes)
    {
        if (prefixes.Count == 0)
            return;
        var parents = batch.Index(prefixes.Select(p => p.Parent!.Row!.Value));
        var tokens = batch.Index(prefixes.Select(p => (long)p.Token));
        var next = networks.Next(tokens, new(rows.Take(Output, parents), rows.Take(Hidden, parents), rows.Take(Cell, parents)));
        var states = Enumerable.Range(LanguageModelStates, languageModelStates).Select(i => rows.Take(i, parents)).ToList();
        var expected = languageModel?.Next(tokens, states);
        foreach (var (prefix, row) in prefixes.Zip(Put(next, expected, prefixes.Count)))
            prefix.Row = row;
    }

    private long[] Put(Prediction prediction, (Tensor LogProbabilities, IReadOnlyList<Tensor> States)? expected, int count)
    {
        if (expected is not { } e)
            return rows.Put(prediction.Output, prediction.Hidden, prediction.Cell);
        if (e.States.Count != languageModelStates || e.States.Append(e.LogProbabilities).Any(t => t.dim() == 0 || t.size(0) != count))
            throw new ArgumentException(
                $"the language model gave log-probabilities {Require.Describe(e.LogProbabilities)} and states "
                + $"[{string.Join("; ", e.States.Select(Require.Describe))}] for {count} texts; each must have a row a text, and states must keep "
                + "their number.");
        return rows.Put([prediction.Output, prediction.Hidden, prediction.Cell, e.LogProbabilities, .. e.States]);
    }
}
