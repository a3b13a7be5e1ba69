namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>A command line that cannot be understood, or an option outside its range.</summary>
internal sealed class UsageException(string message) : Exception(message);
