namespace SpeechBrain.Sharp.Tests.Golden;

/// <summary>A golden set, case or adapter is not as it should be: a missing argument, an unknown tensor, a malformed manifest.</summary>
public sealed class GoldenException(string message) : Exception(message);
