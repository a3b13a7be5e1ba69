namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>Something that the person at the keyboard can put right. Its message is one line that names what is wrong and what to do.</summary>
internal sealed class UserException(string message, Exception? inner = null) : Exception(message, inner);
