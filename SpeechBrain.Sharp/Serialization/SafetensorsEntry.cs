using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Serialization;

/// <summary>Where one tensor lies in a safetensors file, and what it is.</summary>
/// <param name="Name">The tensor's name, unique in its file.</param>
/// <param name="Dtype">Its type.</param>
/// <param name="Shape">Its sizes; empty for a scalar.</param>
/// <param name="Start">Its first byte, counted from the end of the header.</param>
/// <param name="End">The byte after its last one, counted from the end of the header.</param>
public sealed record SafetensorsEntry(string Name, ScalarType Dtype, IReadOnlyList<long> Shape, long Start, long End);
