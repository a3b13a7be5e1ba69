namespace SpeechBrain.Sharp.Augment;

/// <summary>
/// Where the noise of dropped chunks comes from: one stream of uniform numbers, generated on the device. An example's chunks take it one after
/// the other from a place of its own.
/// </summary>
/// <param name="Seed">Seed of the stream.</param>
/// <param name="Length">Its length in samples.</param>
/// <param name="Start">The first sample of each example (or of the batch).</param>
public sealed record ChunkNoise(long Seed, long Length, ValueList<long> Start);
