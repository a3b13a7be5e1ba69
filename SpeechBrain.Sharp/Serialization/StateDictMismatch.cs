using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Serialization;

/// <summary>A key whose tensor in the file can't be copied into the module's.</summary>
/// <param name="Key">The key.</param>
/// <param name="ModuleShape">The shape in the module.</param>
/// <param name="ModuleDtype">The type in the module.</param>
/// <param name="FileShape">The shape in the file.</param>
/// <param name="FileDtype">The type in the file.</param>
public sealed record StateDictMismatch(
    string Key, IReadOnlyList<long> ModuleShape, ScalarType ModuleDtype, IReadOnlyList<long> FileShape, ScalarType FileDtype)
{
    /// <summary>Key, the file's shape and type, and the module's.</summary>
    public override string ToString() =>
        $"{Key} ([{string.Join(", ", FileShape)}] {FileDtype} in the file, [{string.Join(", ", ModuleShape)}] {ModuleDtype} in the module)";
}
