using System.Text;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>What <c>--help</c> prints: of one command, or of all.</summary>
internal static class HelpText
{
    private static readonly (string Name, string Arguments, string Summary, Func<string> Options)[] Commands =
    [
        ("prepare", "[options]", "make manifests of a LibriSpeech folder, or of the default data", OptionParser.Help<PrepareOptions>),
        ("train", "[options]", "train, or go on with a training that was interrupted, evaluate, report", OptionParser.Help<TrainOptions>),
        ("evaluate", "[options]", "recognise the utterances of a manifest with a trained model and report the errors", Evaluate),
        ("transcribe", "[options] FILE...", "print what is said in audio files", OptionParser.Help<TranscribeOptions>),
        ("augment", "[options]", "augment one audio file: the audio, the draw, and a picture before and after", Augment),
        ("profile", "[options]", "take a few steps of a recipe and say where their time goes", OptionParser.Help<ProfileOptions>),
        ("report", "[options]", "make the page of a training, report.html, again", OptionParser.Help<ReportOptions>),
    ];

    /// <summary>The names of all commands, as a sentence has them.</summary>
    internal static string Names { get; } = $"{string.Join(", ", Commands.SkipLast(1).Select(command => command.Name))} and {Commands[^1].Name}";

    /// <summary>The help that a command line asks for: its command's, or all.</summary>
    internal static string Of(IReadOnlyList<string> arguments)
    {
        foreach (var (name, usage, summary, options) in Commands)
            if (arguments[0] == name)
                return $"LibriSpeech {name} {usage}\n{summary}\n\n{options()}";
        var help = new StringBuilder("Trains a Conformer-Transducer on a folder laid out as LibriSpeech.\n\n");
        Line("[train options]", "prepare the default data where that is not yet done, train, evaluate, report");
        foreach (var (name, usage, summary, _) in Commands)
            Line($"{name} {usage}", summary);
        foreach (var (name, _, _, options) in Commands)
            help.Append($"\nOptions of {name}:\n{(name == "profile" ? Profile() : options())}");
        return help.ToString();

        void Line(string usage, string summary) => help.Append($"LibriSpeech {usage,-28} {summary}\n");
    }

    private static string Evaluate() => OptionParser.Help<EvaluateOptions>() + """

        A model's folder holds model.ckpt, normalizer.ckpt, tokenizer.ckpt and hyperparams.yaml, as SpeechBrain's do: evaluate and transcribe take
        models of either, and SpeechBrain's EncoderDecoderASR.from_hparams(source="runs/transducer") loads what train wrote.

        """;

    private static string Augment() =>
        $"{OptionParser.Help<AugmentOptions>()}\nIts recipes:\n{string.Concat(AugmentRecipe.All.Select(recipe => $"  {recipe.Name,-22}{recipe.Description}\n"))}";

    // Most of it is the recipe, which train has already.
    private static string Profile() => $"{OptionParser.Help<ProfileOptions>().Split("  --seed")[0]}  and those of train from --seed on\n";
}
