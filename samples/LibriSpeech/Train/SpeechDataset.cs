using SpeechBrain.Sharp.Data;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>The utterances of a manifest with their tokens; audio is read when a batch is made.</summary>
internal sealed class SpeechDataset
{
    private readonly List<long[]> tokens = [];
    private readonly int sampleRate;

    internal SpeechDataset(string manifest, string dataRoot, ITokenizer tokenizer, int sampleRate)
    {
        if (!File.Exists(manifest))
            throw new UserException($"There is no manifest '{manifest}'; make it with 'prepare', or name another one.");
        this.sampleRate = sampleRate;
        Utterances = Manifest.Read(manifest, dataRoot);
        if (Utterances.Count == 0)
            throw new UserException($"Manifest '{manifest}' lists no utterances.");
        foreach (var utterance in Utterances)
        {
            try
            {
                tokens.Add(tokenizer.Encode(utterance.Transcript));
            }
            catch (ArgumentException e)
            {
                throw new UserException($"The transcript of {utterance.Id} in '{manifest}' cannot be used: {e.Message}", e);
            }
        }
    }

    internal IReadOnlyList<Utterance> Utterances { get; }

    internal double Seconds => Utterances.Sum(utterance => utterance.Duration);

    internal PaddedBatch Load(IEnumerable<int> indices) => PaddedBatch.Collate([.. indices.Select(Load)]);

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
