using SpeechBrain.Sharp.Data;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary><c>prepare</c>: makes manifests, and fetches the default data.</summary>
internal static class PrepareCommand
{
    internal static void Run(PrepareOptions options, TextWriter output)
    {
        if (options.Librispeech is { } librispeech)
        {
            var corpus = new LibriSpeechCorpus(librispeech);
            var folder = Path.Combine(options.Data, "librispeech");
            Manifests.Write(corpus, folder, output, options.Verify);
            output.WriteLine(
                $"Manifests are in '{folder}'. Train with (put splits of yours for train-clean-100 and dev-clean):\n"
                + $"./build.sh --target=Sample -- train --train-csv '{folder}/train-clean-100.csv' --valid-csv '{folder}/dev-clean.csv' "
                + $"--test-csv '{folder}/dev-clean.csv' --data-folder '{corpus.Folder}' --output-folder runs/librispeech");
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
}
