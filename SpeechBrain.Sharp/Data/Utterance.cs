namespace SpeechBrain.Sharp.Data;

/// <summary>One recorded, transcribed utterance: a row of a manifest.</summary>
/// <param name="Id">Unique name; in LibriSpeech the file's stem, <c>1272-128104-0000</c>.</param>
/// <param name="Path">The audio file.</param>
/// <param name="SpeakerId">As SpeechBrain's <c>spk_id</c>: in LibriSpeech speaker and chapter, <c>1272-128104</c>.</param>
/// <param name="Duration">Seconds.</param>
/// <param name="Transcript">Upper-case text.</param>
public sealed record Utterance(string Id, string Path, string SpeakerId, double Duration, string Transcript);
