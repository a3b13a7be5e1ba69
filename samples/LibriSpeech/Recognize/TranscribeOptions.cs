namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>Options of <c>transcribe</c>.</summary>
internal sealed record TranscribeOptions : RecognizeOptions
{
    internal static (TranscribeOptions Options, IReadOnlyList<string> Files) Parse(IReadOnlyList<string> arguments)
    {
        var files = new List<string>();
        var options = OptionParser.Parse<TranscribeOptions>(arguments, files);
        if (files.Count == 0 || files.Contains(""))
            throw new UsageException("transcribe needs the audio files to transcribe, for example: transcribe hello.flac");
        options.Check();
        return (options, files);
    }
}
