using SpeechBrain.Sharp.Data;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>Writes a manifest for each split of a corpus.</summary>
internal static class Manifests
{
    private const int ShowEvery = 64;

    /// <summary>
    /// Every split is read before the first manifest is written, so a broken corpus leaves none behind. What was found out about audio files is
    /// kept in the folder until all are written: interrupted, or sent back to fetch a broken file again, it goes on where it was.
    /// </summary>
    /// <param name="corpus">Where the splits are.</param>
    /// <param name="folder">Where the manifests go.</param>
    /// <param name="output">Gets a line a split.</param>
    /// <param name="verify">Whether every file is decoded.</param>
    /// <param name="names">The splits; null: all.</param>
    /// <returns>The splits with their utterances.</returns>
    internal static IReadOnlyList<(string Name, IReadOnlyList<Utterance> Utterances)> Write(
        LibriSpeechCorpus corpus, string folder, TextWriter output, bool verify = false, IReadOnlyList<string>? names = null)
    {
        Directory.CreateDirectory(folder);
        using var progress = ProgressLine.For(output);
        using var journal = new AudioJournal(Path.Combine(folder, "prepare.part"));
        var splits = (names ?? corpus.Splits)
            .Select(split => (Name: split, Utterances: corpus.Read(split, verify, journal, (done, all) => Show(done, all, split)))).ToList();
        foreach (var (name, utterances) in splits)
        {
            Manifest.Write(Path.Combine(folder, name + ".csv"), utterances, corpus.Folder);
            var seconds = utterances.Sum(utterance => utterance.Duration);
            progress.Finish(FormattableString.Invariant($"{name}: {utterances.Count} utterances, {seconds:F1} s"));
        }

        journal.Complete();
        return splits;

        void Show(int done, int all, string split)
        {
            if (done % ShowEvery != 0)
                return;
            lock (progress)
                progress.Show(done, all, split);
        }
    }
}
