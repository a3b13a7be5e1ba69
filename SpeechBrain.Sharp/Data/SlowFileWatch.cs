namespace SpeechBrain.Sharp.Data;

/// <summary>Looks, while a batch is waited for, which of its files take long: names them, and gives up.</summary>
internal sealed class SlowFileWatch(LoadingBatch batch, BatchLoaderOptions options)
{
    private readonly Dictionary<LoadingUtterance, TimeSpan> due = [];

    /// <summary>Looks, and says after what time to look again.</summary>
    /// <exception cref="TimeoutException">A file has taken longer than the options allow.</exception>
    internal TimeSpan Look()
    {
        var next = options.SlowAfter;
        foreach (var loading in batch.Utterances)
        {
            if (loading.Elapsed is not { } elapsed)
                continue;
            var utterance = loading.Utterance;
            if (options.GiveUpAfter != Timeout.InfiniteTimeSpan)
            {
                if (elapsed >= options.GiveUpAfter)
                    throw new TimeoutException(
                        FormattableString.Invariant($"'{utterance.Path}' (utterance {utterance.Id}) has been read for {elapsed.TotalSeconds:0.#} s, ")
                        + "longer than GiveUpAfter allows: see whether the disk or the network answers, or leave the file out.");
                next = Shorter(next, options.GiveUpAfter - elapsed);
            }

            if (elapsed >= due.GetValueOrDefault(loading, options.SlowAfter))
            {
                options.OnSlow?.Invoke(utterance, elapsed);
                due[loading] = elapsed * 2;
            }

            next = Shorter(next, due.GetValueOrDefault(loading, options.SlowAfter) - elapsed);
        }

        return next;
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
