using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp;

public static partial class Functional
{
    /// <summary>Multiplies each frame with a transform; what <see cref="Features.Dct"/> does with its own.</summary>
    /// <param name="x"><c>[batch, frames, features]</c> or <c>[batch, frames, features, channels]</c>; half precision is computed in float32.</param>
    /// <param name="matrix"><c>[features, coefficients]</c> on the same device: float64 for float64 input, else float32.</param>
    /// <returns><c>[batch, frames, coefficients]</c> or <c>[batch, frames, coefficients, channels]</c>, of the matrix's type.</returns>
    /// <exception cref="ArgumentException">Wrong ranks, sizes, types or devices.</exception>
    public static Tensor Dct(Tensor x, Tensor matrix)
    {
        Require.Rank(x, nameof(x), "[batch, frames, features] or [batch, frames, features, channels]", 3, 4);
        Require.Rank(matrix, nameof(matrix), "[features, coefficients]", 2);
        return AlongFeatures(x, nameof(x), matrix, nameof(matrix));
    }
}
