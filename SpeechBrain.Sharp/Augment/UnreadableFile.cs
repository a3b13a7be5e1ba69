namespace SpeechBrain.Sharp.Augment;

/// <summary>A file that a bank could not use.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record UnreadableFile(string Path, string Reason);
