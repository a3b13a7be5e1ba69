using SpeechBrain.Sharp.Data;
using SpeechBrain.Sharp.Serialization;
using SpeechBrain.Sharp.Training;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>Makes <c>report.html</c> of what a run left in its folder, and of the data that it was trained on where that is still there.</summary>
internal static class RunReport
{
    private const string FileName = "report.html";

    /// <summary>Writes the report into the folder of the run, and returns its path.</summary>
    /// <exception cref="UserException">The folder is that of no run.</exception>
    internal static string Write(string folder)
    {
        string html = Page(folder).ToHtml(), path = Path.Combine(folder, FileName);
        AtomicFile.Write(path, temporary => File.WriteAllText(temporary, html));
        return path;
    }

    private static ReportPage Page(string folder)
    {
        string log = Path.Combine(folder, TrainingLogs.MetricsFile);
        if (!File.Exists(log))
            throw new UserException($"There is no training in '{folder}' ({TrainingLogs.MetricsFile} is missing); 'train' makes one, --output-folder "
                + "names another folder.");
        var recipe = SavedRecipe.Read(folder);
        var metrics = new RunMetrics(JsonLinesLogger.Read(log));
        List<string> missing = [];
        var page = new ReportPage
        {
            Title = $"Training of {Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))}",
            Subtitle = FormattableString.Invariant($"{recipe.Model.NumEncoderLayers} × {recipe.Model.DModel} Conformer-Transducer; ")
                + FormattableString.Invariant($"last step on {File.GetLastWriteTime(log):d MMMM yyyy, HH:mm}"),
            Essentials = metrics.Essentials(),
            Facts = [.. RunEnvironment.Read(folder), .. Data(recipe, missing, out var utterances)],
            Options = [.. Setting.Of(typeof(Recipe)).Where(setting => Text(setting, recipe) != Text(setting, new Recipe()))
                .Select(setting => (setting.Key, Text(setting, recipe), Text(setting, new Recipe())))],
            Charts = metrics.Charts(recipe.Optimization.MaxGradNorm),
            Times = new(metrics.Stages()),
            TimesNote = "Means of a step. Loading is what was waited for, since audio is read ahead; the encoder makes its masks itself, and "
                + "\"mask\" is the time of making them once more; predictor and CTC head count as joint + loss.",
            Recognised = [.. Directory.GetFiles(folder, "wer_*.txt").Order(StringComparer.Ordinal).Select(Recognised)],
        };
        return WithBatch(page, recipe, utterances, missing) with { Missing = missing };

        static string Text(Setting setting, Recipe of) => SettingValue.Format(setting.Get(of));
    }

    private static IReadOnlyList<(string, string)> Data(Recipe recipe, List<string> missing, out IReadOnlyList<Utterance> utterances)
    {
        try
        {
            utterances = [.. recipe.Data.TrainCsv.SelectMany(manifest => Manifest.Read(manifest, recipe.Data.DataFolder))];
            string duration = PageText.Duration(utterances.Sum(utterance => utterance.Duration));
            return [("Training data", FormattableString.Invariant($"{utterances.Count:N0} utterances, {duration}"))];
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            utterances = [];
            missing.Add($"The batch, its features and masks: {e.Message}");
            return [];
        }
    }

    private static ReportPage WithBatch(ReportPage page, Recipe recipe, IReadOnlyList<Utterance> utterances, List<string> missing)
    {
        if (utterances.Count == 0)
            return page;
        try
        {
            var batch = RunBatch.Of(recipe, utterances);
            return page with
            {
                Spectrograms = batch.Spectrograms,
                SpectrogramsNote = "Log mel features of the first batch before (above) and after (below) its augmentation: time to the right, "
                    + "frequency upwards, both in one scale of colours.",
                Padding = batch.Padding,
                Masks = batch.Masks,
                ChunkSizes = batch.ChunkSizes,
                MasksNote = $"The first batch drew {batch.ChunksDrawn}. Queries go down, keys to the right; a frame is 40 ms."
                    + (batch.ChunkSizes is null ? "" : " What the next 1,000 batches may see:"),
            };
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or ArgumentException)
        {
            missing.Add($"The batch, its features and masks: {e.Message}");
            return page;
        }
    }

    private static (string, string, WorstUtterances) Recognised(string path)
    {
        var (summary, scores) = AlignmentReader.Read(path);
        string dataset = Path.GetFileNameWithoutExtension(path)["wer_".Length..];
        return (dataset, $"{summary}, {scores.Count} utterances; those with the most errors:", new(scores));
    }
}
