using SpeechBrain.Sharp.Serialization;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>
/// Trains a SentencePiece tokenizer by the program <c>spm_train</c> with the settings of SpeechBrain's recipe
/// (<c>recipes/LibriSpeech/Tokenizer/hparams/1K_unigram_subword_bpe.yaml</c>): unigram pieces of up to 10 characters, every character covered, token
/// 0 the unknown piece, which is the transducer's blank too.
/// </summary>
internal static class UnigramTrainer
{
    /// <summary>The unknown piece, the two ends of a sentence, and one to say something with.</summary>
    internal const int FewestPieces = 4;

    private const string Program = "spm_train";

    /// <param name="pieces">how many</param>
    /// <param name="transcripts">one line each</param>
    /// <param name="file">the model; appears complete or not at all</param>
    internal static void Train(int pieces, IEnumerable<string> transcripts, string file)
    {
        using var work = new TemporaryFolder(file + ".work");
        string text = Path.Combine(work.Path, "transcripts.txt"), prefix = Path.Combine(work.Path, "unigram");
        File.WriteAllLines(text, transcripts);
        string[] arguments =
        [
            $"--input={text}", $"--model_prefix={prefix}", "--model_type=unigram", $"--vocab_size={pieces}", "--max_sentencepiece_length=10",
            "--character_coverage=1.0", "--unk_id=0", "--bos_id=1", "--eos_id=2", "--pad_id=-1", "--add_dummy_prefix=true", "--num_threads=1",
        ];
        var failure = ExternalProgram.Run(
            Program, arguments, work.Path,
            $"There is no '{Program}' here to train a tokenizer; install Debian's package sentencepiece. Without --vocab-size training takes "
            + "characters, or the model that its --tokenizer-file names.");
        if (failure is not null)
            throw new UserException($"No tokenizer of {pieces} pieces came of the transcripts ({failure}); choose another --vocab-size.");
        AtomicFile.Write(file, temporary => File.Copy(prefix + ".model", temporary, overwrite: true));
    }
}
