namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>A recorded prompt.</summary>
/// <param name="Key">Its name in the package, for example <c>vm-goodbye</c> or <c>digits/1</c>.</param>
/// <param name="Transcript">Normalised text.</param>
/// <param name="Path">The recording.</param>
/// <param name="Duration">Seconds.</param>
internal sealed record Prompt(string Key, string Transcript, string Path, double Duration);
