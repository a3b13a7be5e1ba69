using SpeechBrain.Sharp.Data;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>
/// Utterances of noise with random letters, for measurements where there is no data: 2 to 16 s, 11.3 s in the mean, as LibriSpeech's training data
/// nearly have, and as many tokens.
/// </summary>
internal static class RandomCorpus
{
    private const double Shortest = 2, Longest = 16;
    private const double LettersPerSecond = 14, PiecesPerSecond = 4.5;   // LibriSpeech's, the latter with 1,000 pieces

    /// <summary>Writes audio and a manifest into a folder.</summary>
    /// <param name="folder">The folder, which is there.</param>
    /// <param name="recipe">Whose rate the audio has; its outputs say whether a letter is to stand for a letter or for a piece.</param>
    /// <param name="utteranceCount">How many.</param>
    /// <returns>The recipe with these data.</returns>
    internal static Recipe Write(string folder, Recipe recipe, int utteranceCount = 48)
    {
        var random = new Random(recipe.Seed);
        double tokensPerSecond = recipe.Data.TokenizerFile is null && recipe.Model.OutputNeurons >= 200 ? PiecesPerSecond : LettersPerSecond;
        int rate = recipe.Features.SampleRate;
        List<Utterance> utterances = [];
        for (int i = 0; i < utteranceCount; i++)
        {
            double seconds = Shortest + (Longest - Shortest) * Math.Sqrt(random.NextDouble());
            string id = $"random-{i:D3}", path = Path.Combine(folder, id + ".flac");
            float[] noise = [.. Enumerable.Range(0, (int)(seconds * rate)).Select(_ => 0.1f * (random.NextSingle() - 0.5f))];
            AudioFile.Write(path, new AudioData(noise, rate, 1));
            utterances.Add(new(id, path, "random", seconds, Letters(random, (int)(seconds * tokensPerSecond))));
        }
        string manifest = Path.Combine(folder, "random.csv");
        Manifest.Write(manifest, utterances, folder);
        return recipe with { Data = recipe.Data with { TrainCsv = [manifest], ValidCsv = manifest, TestCsv = [], DataFolder = folder } };
    }

    // Words of five letters.
    private static string Letters(Random random, int count) =>
        string.Concat(Enumerable.Range(0, count).Select(i => i % 6 == 5 && i < count - 1 ? ' ' : (char)('A' + random.Next(26))));
}
