using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Serialization;
using SpeechBrain.Sharp.Training;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>Writes a trained recognizer as a <see cref="ModelFolder"/>, which <c>transcribe</c> and SpeechBrain read.</summary>
internal static class ModelWriter
{
    /// <summary>Each file appears complete or not at all, the weights last.</summary>
    /// <param name="recognizer">with statistics of features: after a step of training</param>
    /// <param name="folder">is made if it is not there</param>
    internal static void Write(Recognizer recognizer, string folder)
    {
        WriteSettings(recognizer, folder);
        IRecoverable[] states = [Recoverable.Normalizer("normalizer", recognizer.Normalizer), Recoverable.Module("model", recognizer.Model)];
        foreach (var state in states)
            state.Save(Path.Combine(folder, state.FileName));
    }

    /// <summary>Tokenizer and settings alone, without which weights (of a checkpoint, say) are of no use.</summary>
    internal static void WriteSettings(Recognizer recognizer, string folder)
    {
        Directory.CreateDirectory(folder);
        switch (recognizer.Tokenizer)
        {
            case CharacterTokenizer characters: characters.SaveSentencePiece(Path.Combine(folder, ModelFolder.TokenizerFile)); break;
            case SentencePieceTokenizer pieces: pieces.Save(Path.Combine(folder, ModelFolder.TokenizerFile)); break;
        }
        string yaml = SpeechBrainYaml.Of(recognizer);
        AtomicFile.Write(Path.Combine(folder, ModelFolder.HyperparamsFile), temporary => File.WriteAllText(temporary, yaml));
    }
}
