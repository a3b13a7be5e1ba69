using SpeechBrain.Sharp.Data;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>The utterances of a manifest with their tokens; audio is read when a batch is made.</summary>
internal sealed class SpeechDataset
{
    private readonly List<long[]> tokens = [];
    private readonly int sampleRate;

    /// <inheritdoc cref="SpeechDataset(IReadOnlyList{string}, string, ITokenizer?, int)"/>
    internal SpeechDataset(string manifest, string dataRoot, ITokenizer? tokenizer, int sampleRate)
        : this([manifest], dataRoot, tokenizer, sampleRate)
    {
    }

    /// <param name="manifests">one after the other</param>
    /// <param name="dataRoot">what $data_root stands for in them</param>
    /// <param name="tokenizer">null: transcripts are only compared with, so they may hold anything</param>
    /// <param name="sampleRate">Hz of the audio</param>
    internal SpeechDataset(IReadOnlyList<string> manifests, string dataRoot, ITokenizer? tokenizer, int sampleRate)
    {
        this.sampleRate = sampleRate;
        List<Utterance> all = [];
        foreach (string manifest in manifests)
        {
            if (!File.Exists(manifest))
                throw new UserException($"There is no manifest '{manifest}'; make it with 'prepare', or name another one.");
            var utterances = Manifest.Read(manifest, dataRoot);
            if (utterances.Count == 0)
                throw new UserException($"Manifest '{manifest}' lists no utterances.");
            tokens.AddRange(utterances.Select(utterance => tokenizer is null ? [] : Tokens(utterance, manifest, tokenizer)));
            all.AddRange(utterances);
        }
        Utterances = all;
    }

    internal IReadOnlyList<Utterance> Utterances { get; }

    internal double Seconds => Utterances.Sum(utterance => utterance.Duration);

    internal PaddedBatch Load(IEnumerable<int> indices) => PaddedBatch.Collate([.. indices.Select(Load)]);

    private static long[] Tokens(Utterance utterance, string manifest, ITokenizer tokenizer)
    {
        try
        {
            long[] tokens = tokenizer.Encode(utterance.Transcript);
            // A SentencePiece tokenizer of SpeechBrain's has its unknown piece at the blank's place, and blanks can't be learnt.
            return tokens.Contains(CharacterTokenizer.BlankId)
                ? throw new ArgumentException(
                    $"\"{utterance.Transcript}\" has a character that no piece of the tokenizer has; correct it, or train a tokenizer with it.")
                : tokens;
        }
        catch (ArgumentException e)
        {
            throw new UserException($"The transcript of {utterance.Id} in '{manifest}' cannot be used: {e.Message}", e);
        }
    }

    private (string Id, float[] Wave, long[] Tokens) Load(int index)
    {
        var utterance = Utterances[index];
        var audio = AudioFile.ReadMono(utterance.Path);
        if (audio.SampleRate != sampleRate)
            throw new UserException($"'{utterance.Path}' is sampled at {audio.SampleRate} Hz; the model needs {sampleRate} Hz: convert the file.");
        Recognizer.RequireDuration(audio, utterance.Path);
        return (utterance.Id, audio.Samples, tokens[index]);
    }
}
