using SpeechBrain.Sharp.Data;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>Writes a manifest for each split of a corpus.</summary>
internal static class Manifests
{
    /// <summary>Every split is read before the first manifest is written, so a broken corpus leaves nothing behind.</summary>
    internal static void Write(LibriSpeechCorpus corpus, string folder, TextWriter output)
    {
        var splits = corpus.Splits.Select(split => (Name: split, Utterances: corpus.Read(split))).ToList();
        Directory.CreateDirectory(folder);
        foreach (var (name, utterances) in splits)
        {
            Manifest.Write(Path.Combine(folder, name + ".csv"), utterances, corpus.Folder);
            var seconds = utterances.Sum(utterance => utterance.Duration);
            output.WriteLine(FormattableString.Invariant($"{name}: {utterances.Count} utterances, {seconds:F1} s"));
        }
    }
}
