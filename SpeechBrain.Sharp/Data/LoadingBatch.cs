namespace SpeechBrain.Sharp.Data;

/// <summary>
/// A batch on its way: memory for its waves, made before a file is opened, and its utterances, which worker threads decode into it.
/// </summary>
/// <remarks>
/// The manifest tells the durations, so the padded width is known beforehand, and each sample is written once, by the decoder, to where it stays.
/// Where a file differs from its manifest, or utterances are left out, the rest is copied into rows that fit.
/// </remarks>
internal sealed class LoadingBatch : IDisposable
{
    private readonly PaddedRows rows;

    internal LoadingBatch(
        int place, int[] indices, IReadOnlyList<Utterance> utterances, ITokenizer tokenizer, int sampleRate, BatchLoaderOptions options)
    {
        Place = place;
        rows = new PaddedRows(indices.Length, indices.Max(index => Math.Max(1, (long)Math.Round(utterances[index].Duration * sampleRate))));
        Utterances = [.. indices.Select((index, row) => new LoadingUtterance(utterances[index], index, rows, row, tokenizer, sampleRate, options))];
        Remaining = indices.Length;
    }

    /// <summary>Place among the batches that the loader was given.</summary>
    internal int Place { get; }

    internal IReadOnlyList<LoadingUtterance> Utterances { get; }

    /// <summary>Utterances that no thread is done with; belongs to <see cref="DecodingThreads"/>.</summary>
    internal int Remaining { get; set; }

    /// <summary>Utterances that threads are at; as <see cref="Remaining"/>.</summary>
    internal int UnderWay { get; set; }

    /// <summary>The padded batch of the utterances that can be used, at least one; this object is done with then.</summary>
    internal PaddedBatch Finish()
    {
        var kept = Utterances.Index().Where(item => item.Item.Reason is null).ToArray();
        var width = kept.Max(item => item.Item.Samples);
        var waves = rows;
        if (kept.Length < rows.Count || width != rows.Width)
        {
            waves = new PaddedRows(kept.Length, width);
            foreach (var (to, (from, utterance)) in kept.Index())
                waves.Write(to, (utterance.Outside ?? rows[from])[..(int)utterance.Samples]);
            rows.Dispose();
        }

        return PaddedBatch.Of(
            [.. kept.Select(item => item.Item.Utterance.Id)], waves.Waves, [.. kept.Select(item => item.Item.Samples)],
            [.. kept.Select(item => item.Item.Tokens)], Place);
    }

    public void Dispose() => rows.Dispose();
}
