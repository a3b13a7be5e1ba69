using SpeechBrain.Sharp.Data;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>Writes a manifest for each split of a corpus.</summary>
internal static class Manifests
{
    private const int ShowEvery = 64;

    /// <summary>
    /// Every split is read before the first manifest is written, so a broken corpus leaves none behind. What was found out about audio files is kept in
    /// the folder until all are written: interrupted, or sent back to fetch a broken file again, it goes on where it was.
    /// </summary>
    internal static void Write(LibriSpeechCorpus corpus, string folder, TextWriter output, bool verify = false)
    {
        Directory.CreateDirectory(folder);
        using var progress = ProgressLine.For(output);
        using var journal = new AudioJournal(Path.Combine(folder, "prepare.part"));
        var splits = corpus.Splits.Select(split => (Name: split, Utterances: corpus.Read(split, verify, journal, (done, all) => Show(done, all, split)))).ToList();
        foreach (var (name, utterances) in splits)
        {
            Manifest.Write(Path.Combine(folder, name + ".csv"), utterances, corpus.Folder);
            var seconds = utterances.Sum(utterance => utterance.Duration);
            progress.Finish(FormattableString.Invariant($"{name}: {utterances.Count} utterances, {seconds:F1} s"));
        }

        journal.Complete();

        void Show(int done, int all, string split)
        {
            if (done % ShowEvery != 0)
                return;
            lock (progress)
                progress.Show(done, all, split);
        }
    }
}
