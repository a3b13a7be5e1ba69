using SpeechBrain.Sharp.Decoding;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary><c>evaluate</c>: recognises the utterances of a manifest and reports word and character errors.</summary>
internal static class EvaluateCommand
{
    internal static void Run(EvaluateOptions options, TextWriter output)
    {
        string reportFolder = Path.GetDirectoryName(Path.GetFullPath(options.ReportFile))!;
        if (!Directory.Exists(reportFolder) && options.Report is not null)
            throw new UserException($"There is no folder '{reportFolder}' for the report; make it, or name another file by --report.");
        var (recognizer, loaded) = ModelReader.Read(options, DeviceOption.Device(options.Device));
        using (recognizer)
            Run(recognizer, options, $"'{options.Model}': {loaded}", output);
    }

    private static void Run(Recognizer recognizer, EvaluateOptions options, string loaded, TextWriter output)
    {
        var data = new SpeechDataset(options.Manifest, options.DataFolder, tokenizer: null, recognizer.SampleRate);
        using var progress = ProgressLine.For(output);
        output.WriteLine(loaded);
        output.WriteLine(FormattableString.Invariant($"{data.Utterances.Count} utterances ({data.Seconds:F0} s)"));

        var words = recognizer.Evaluate(data, progress, "given", options.BatchSize, options.Decoding);
        var characters = new ErrorRateStats(splitTokens: true);
        foreach (var score in words.Scores)
            characters.Append(score.Id, score.Hypothesis, score.Reference);
        ErrorReport.Write(words, options.ReportFile);

        var (word, character) = (words.Summarize(), characters.Summarize());
        progress.Finish(word.ToString());
        output.WriteLine(FormattableString.Invariant(
            $"characters: {character.ErrorRate:F2} % [ {character.Edits} / {character.ReferenceTokens} ], sentences: {word.SentenceErrorRate:F2} % ")
            + FormattableString.Invariant($"[ {word.ErroneousSentences} / {word.Sentences} ]"));
        output.WriteLine($"What was heard beside what was said is in '{options.ReportFile}'.");
    }
}
