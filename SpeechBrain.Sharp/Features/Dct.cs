using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Features;

/// <summary>
/// Discrete cosine transform (type II) of each frame: cepstral coefficients from log filterbank outputs.
/// </summary>
/// <remarks>
/// SpeechBrain 1.1.0, <c>speechbrain/processing/features.py, DCT</c>. Deviation: with channels SpeechBrain reshapes without moving the
/// channel axis and so mixes frames; here each channel is transformed by itself. The matrix follows the input to its device and type.
/// </remarks>
public sealed class Dct : nn.Module<Tensor, Tensor>
{
    private readonly ModuleConstant matrix;

    /// <summary>Makes a transform.</summary>
    /// <param name="inputSize">Features of a frame, at least 1.</param>
    /// <param name="nOut">Coefficients kept, 1 to <paramref name="inputSize"/>.</param>
    /// <param name="orthoNorm">Whether the full transform is orthogonal; else it is the plain sum, doubled.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size out of range.</exception>
    public Dct(long inputSize, long nOut = 20, bool orthoNorm = true)
        : base(nameof(Dct))
    {
        Require.Range(inputSize, nameof(inputSize), 1, 1 << 20);
        Require.Range(nOut, nameof(nOut), 1, inputSize);
        var values = new double[inputSize * nOut];
        for (long n = 0; n < inputSize; n++)
            for (long k = 0; k < nOut; k++)
                values[n * nOut + k] = double.CosPi((n + 0.5) * k / inputSize)
                    * (!orthoNorm ? 2 : k == 0 ? Math.Sqrt(1.0 / inputSize) : Math.Sqrt(2.0 / inputSize));
        matrix = new ModuleConstant((dtype, device) => tensor(values, [inputSize, nOut], dtype, device));
    }

    /// <summary>Transforms frames.</summary>
    /// <param name="x"><c>[batch, frames, inputSize]</c> or <c>[batch, frames, inputSize, channels]</c>; half precision is computed in float32.</param>
    /// <returns><c>[batch, frames, nOut]</c> or <c>[batch, frames, nOut, channels]</c>, float64 for float64 input, else float32.</returns>
    /// <exception cref="ArgumentException">Wrong rank, type or number of features.</exception>
    public override Tensor forward(Tensor x)
    {
        Require.Rank(x, nameof(x), "[batch, frames, features] or [batch, frames, features, channels]", 3, 4);
        Require.Floating(x, nameof(x));
        return Functional.Dct(x, matrix.In(Functional.ComputedIn(x.dtype), x.device));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            matrix.Dispose();
        base.Dispose(disposing);
    }
}
