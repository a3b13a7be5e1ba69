using SpeechBrain.Sharp.Decoding;
using SpeechBrain.Sharp.Serialization;

namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>A file with the error rates and, below, what was heard beside what was said.</summary>
internal static class ErrorReport
{
    internal static void Write(ErrorRateStats errors, string path) => AtomicFile.Write(path, temporary =>
    {
        using var writer = new StreamWriter(temporary);
        errors.WriteStats(writer);
    });
}
