using SpeechBrain.Sharp.Data;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary><c>prepare</c>: makes manifests, and fetches the default data.</summary>
internal static class PrepareCommand
{
    internal static void Run(PrepareOptions options, TextWriter output)
    {
        if (options.Librispeech is { } librispeech)
        {
            LibriSpeech(options, new LibriSpeechCorpus(librispeech), output);
            return;
        }

        var asterisk = Path.Combine(options.Data, "asterisk");
        if (Directory.Exists(asterisk))
        {
            output.WriteLine($"'{asterisk}' is already prepared; remove it to start again.");
            return;
        }

        AsteriskPrompts.Prepare(asterisk, output);
    }

    private static void LibriSpeech(PrepareOptions options, LibriSpeechCorpus corpus, TextWriter output)
    {
        if (options.Splits.Except(corpus.Splits).FirstOrDefault() is { } unknown)
            throw new UserException($"'{corpus.Folder}' has no split '{unknown}'; it has {string.Join(", ", corpus.Splits)}. Change --splits.");
        var folder = Path.Combine(options.Data, "librispeech");
        var splits = Manifests.Write(corpus, folder, output, options.Verify, options.Splits.Count > 0 ? options.Splits : null);
        string tokenizer = options.VocabSize == 0 ? "" : $" --tokenizer-file '{Tokenizer(options.VocabSize, splits, folder, output)}'";
        output.WriteLine(
            $"Manifests are in '{folder}'. Train with (put splits of yours for train-clean-100 and dev-clean):\n"
            + $"./build.sh --target=Sample -- train --train-csv '{folder}/train-clean-100.csv' --valid-csv '{folder}/dev-clean.csv' "
            + $"--test-csv '{folder}/dev-clean.csv' --data-folder '{corpus.Folder}' --output-folder runs/librispeech{tokenizer}");
    }

    /// <summary>What training sees, and nothing else; where there is no split of training, what there is.</summary>
    private static string Tokenizer(
        int pieces, IReadOnlyList<(string Name, IReadOnlyList<Utterance> Utterances)> splits, string folder, TextWriter output)
    {
        string file = Path.Combine(folder, $"{pieces}_unigram.model");
        if (File.Exists(file))
        {
            output.WriteLine($"'{file}' is there already; remove it to train it again.");
            return file;
        }
        var train = splits.Where(split => split.Name.StartsWith("train-", StringComparison.Ordinal)).ToList();
        if (train.Count == 0)
            train = [.. splits];
        UnigramTrainer.Train(pieces, train.SelectMany(split => split.Utterances).Select(utterance => utterance.Transcript), file);
        output.WriteLine($"'{file}': a tokenizer of {pieces} pieces from {string.Join(", ", train.Select(split => split.Name))}");
        return file;
    }
}
