using SpeechBrain.Sharp.Augment;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp;

public static partial class Functional
{
    /// <summary>Codes waveforms by ITU-T G.711 mu-law, 8 bits a sample, and decodes them.</summary>
    /// <param name="waveforms">Samples in [-1, 1], any shape; they are rounded to 16 bits first, and louder ones are clipped.</param>
    /// <returns>The same shape, type and device, without gradient. Zeros stay zeros.</returns>
    /// <exception cref="ArgumentException">The type is not a floating one.</exception>
    public static Tensor MuLaw(Tensor waveforms) => Companded(waveforms, Codec.PcmMulaw);

    /// <summary>Codes waveforms by ITU-T G.711 A-law, 8 bits a sample, and decodes them.</summary>
    /// <param name="waveforms">Samples in [-1, 1], any shape; they are rounded to 16 bits first, and louder ones are clipped.</param>
    /// <returns>The same shape, type and device, without gradient. Zeros become the law's least value, 8 / 32768.</returns>
    /// <exception cref="ArgumentException">The type is not a floating one.</exception>
    public static Tensor ALaw(Tensor waveforms) => Companded(waveforms, Codec.PcmAlaw);

    private static Tensor Companded(Tensor waveforms, Codec law)
    {
        ArgumentNullException.ThrowIfNull(waveforms);
        Require.Floating(waveforms, nameof(waveforms));
        using var scope = NewDisposeScope();
        // The clip before the cast keeps infinities, the one behind it NaN (whose integer is the least of all) inside the table.
        var samples = waveforms.detach().to(ScalarType.Float32).mul(32768).round_().clamp_(-32768, 32767).to(ScalarType.Int32);
        var index = samples.clamp_(-32768, 32767).add_(32768);
        return G711.Table(law, waveforms.device).index_select(0, index.reshape(-1)).reshape(waveforms.shape).to(waveforms.dtype)
            .MoveToOuterDisposeScope();
    }
}
