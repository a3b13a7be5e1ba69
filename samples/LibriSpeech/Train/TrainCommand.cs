using SpeechBrain.Sharp.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary><c>train</c>: trains by a recipe, or goes on with what was interrupted, and then recognises what the recipe says.</summary>
internal static class TrainCommand
{
    internal static void Run(TrainOptions options, TextWriter output)
    {
        var recipe = options.Settings;
        var data = recipe.Data;
        var device = DeviceOption.Device(recipe.Device);
        using var line = ProgressLine.For(output);
        if (recipe.LanguageModel.LmFile is { } absent && !File.Exists(absent))
            throw new UserException($"There is no language model '{absent}'; name another by --lm-file, or leave that out.");
        ITokenizer tokenizer = data.TokenizerFile is { } file ? new SentencePieceTokenizer(file) : new CharacterTokenizer();
        var train = new SpeechDataset(data.TrainCsv, data.DataFolder, tokenizer, recipe.Features.SampleRate);
        var valid = new SpeechDataset(data.ValidCsv, data.DataFolder, tokenizer, recipe.Features.SampleRate);
        // Their transcripts are only compared with, so they may hold what the tokenizer lacks.
        var tests = data.Tests.Select(manifest => (
            Name: Path.GetFileNameWithoutExtension(manifest),
            Data: new SpeechDataset(manifest, data.DataFolder, tokenizer: null, recipe.Features.SampleRate))).ToList();

        random.manual_seed(recipe.Seed);                            // initial weights and dropout
        using var recognizer = Recognizer.For(recipe, tokenizer, device);
        using var run = new TrainingRun(recipe, recognizer, train, valid, device, line);
        output.WriteLine(FormattableString.Invariant(
            $"{train.Utterances.Count} utterances to train on ({train.Seconds:F0} s), {valid.Utterances.Count} to validate with ({valid.Seconds:F0} s)"));
        output.WriteLine(FormattableString.Invariant($"{run.Weights:N0} weights, {recipe.Device}, {get_num_threads()} thread(s)"));
        run.Resume(options.Restart);
        using (var interrupt = new Interrupt())
            run.Run(interrupt);

        run.Average();
        ModelWriter.Write(recognizer, recipe.OutputFolder);
        if (recipe.LanguageModel.LmFile is { } lm)
            recognizer.LanguageModel = (LanguageModel.Read(lm, (int)recognizer.Model.Options.OutputNeurons, device), recipe.LanguageModel.LmWeight);
        line.Finish("");
        foreach (var (name, utterances) in tests)
        {
            var errors = recognizer.Evaluate(utterances, line, name, recipe.Batches.BatchSizeValid, recipe.Decoding);
            ErrorReport.Write(errors, Path.Combine(recipe.OutputFolder, $"wer_{name}.txt"));
            run.LogTest(name, errors.Summarize().ErrorRate);
            line.Finish($"{name}: {errors.Summarize()}");
        }
        if (run.Clock.Total > TimeSpan.Zero)
        {
            output.WriteLine();
            output.WriteLine("Where the time of a training step went:");
            output.Write(run.Clock.Table());
            output.WriteLine("(Load is what was waited for: audio is read ahead. To be timed, the masks are made once more outside the encoder, whose");
            output.WriteLine("own time contains the same work. Predictor and CTC head count as joint + loss.)");
        }
        output.WriteLine();
        output.WriteLine($"What it was like to train is in '{RunReport.Write(recipe.OutputFolder)}', for a browser.");
        output.WriteLine($"The model, what was heard beside what was said, logs and checkpoints are in '{recipe.OutputFolder}'.");
    }
}
