using System.Diagnostics;
using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary><c>profile</c>: takes some steps of a recipe, writes nothing, and says where their time went and what memory they took.</summary>
internal static class ProfileCommand
{
    private const int WarmUp = 3;   // steps in which memory is got, code compiled and the reading of audio begun

    internal static void Run(ProfileOptions options, TextWriter output)
    {
        var device = DeviceOption.Device(options.Settings.Device);
        using var folder = options.RandomData ? new TemporaryFolder(Path.Combine(Path.GetTempPath(), "librispeech-profile")) : null;
        var recipe = folder is null ? options.Settings : RandomCorpus.Write(folder.Path, options.Settings);
        ITokenizer tokenizer = recipe.Data.TokenizerFile is { } file ? new SentencePieceTokenizer(file) : new CharacterTokenizer();
        var data = new SpeechDataset(recipe.Data.TrainCsv, recipe.Data.DataFolder, tokenizer, recipe.Features.SampleRate);
        using var line = ProgressLine.For(output);

        random.manual_seed(recipe.Seed);
        using var recognizer = Recognizer.For(recipe, tokenizer, device);
        // With the device, each stage is waited for, so that its time is its own.
        using var run = new TrainingRun(recipe, recognizer, data, data, device, line, new StepProfiler(device));
        string on = options.RandomData ? "random data" : FormattableString.Invariant($"{data.Utterances.Count} utterances");
        output.WriteLine(FormattableString.Invariant(
            $"{run.Weights:N0} weights, {recipe.Optimization.Precision} on {recipe.Device}, {get_num_threads()} thread(s)"));
        output.WriteLine(FormattableString.Invariant($"{options.Steps} steps after {WarmUp} that don't count, on {on}"));

        double audio = 0;
        var clock = new Stopwatch();
        run.Profile(WarmUp + options.Steps, (step, audioSeconds) =>
        {
            line.Show(step, WarmUp + options.Steps, "profiling");
            if (step > WarmUp)
                audio += audioSeconds;
            if (step == WarmUp)
            {
                run.Clock.Reset();
                clock.Start();
            }
        });
        clock.Stop();
        line.Dispose();

        output.WriteLine();
        output.Write(ProfileTable.Of(run.Clock, options.Steps, clock.Elapsed));
        output.WriteLine();
        double seconds = clock.Elapsed.TotalSeconds;
        output.WriteLine(FormattableString.Invariant(
            $"{audio:F1} s of audio in {seconds:F1} s: {audio / seconds:F1} times real time, {audio / options.Steps:F1} s a step"));
        using var process = Process.GetCurrentProcess();
        const double Giga = 1 << 30;
        output.WriteLine(FormattableString.Invariant(
            $"memory of the process: {process.WorkingSet64 / Giga:F2} GiB, {process.PeakWorkingSet64 / Giga:F2} GiB at most"));
        output.WriteLine("(Load is what was waited for: audio is read ahead. The masks are made once more outside the encoder to be timed.");
        output.WriteLine("Predictor and CTC head count as joint + loss; clipping, loss scaling and the schedule as optimizer.)");
    }
}
