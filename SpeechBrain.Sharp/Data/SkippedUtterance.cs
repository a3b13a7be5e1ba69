namespace SpeechBrain.Sharp.Data;

/// <summary>An utterance that a <see cref="BatchLoader"/> left out.</summary>
/// <param name="Utterance">Which.</param>
/// <param name="Reason">Why, with the file's name and the fix: a sentence or two for the user.</param>
public sealed record SkippedUtterance(Utterance Utterance, string Reason);
