using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Augment;

/// <summary>A batch after <see cref="SpeedPerturb"/>.</summary>
/// <param name="Waveforms"><c>[batch, T']</c> or <c>[batch, T', channels]</c>, T' the longest of the lengths; zeros after each example's end.</param>
/// <param name="Lengths">Samples of each example.</param>
/// <param name="RelativeLengths">The same as parts of T', float32 <c>[batch]</c> on the waveforms' device.</param>
public sealed record SpeedPerturbed(Tensor Waveforms, long[] Lengths, Tensor RelativeLengths);
