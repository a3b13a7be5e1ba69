namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>A person or the system asked for an end. The message is one line that says what was saved and how to go on.</summary>
internal sealed class InterruptedException(string message, int exitCode) : Exception(message)
{
    /// <summary>The program's exit code.</summary>
    internal int ExitCode { get; } = exitCode;
}
