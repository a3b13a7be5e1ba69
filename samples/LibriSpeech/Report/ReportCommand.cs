namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary><c>report</c>: makes the page of a training again, one that is still running too.</summary>
internal static class ReportCommand
{
    internal static void Run(ReportOptions options, TextWriter output) =>
        output.WriteLine($"The report is '{RunReport.Write(options.OutputFolder)}'.");
}
