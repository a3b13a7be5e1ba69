using System.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Augment;

/// <summary>
/// ITU-T G.711 as a table: what each of the 65536 16-bit samples becomes when it is coded in 8 bits and decoded. Both laws are logarithms made of
/// straight pieces: the step doubles with each power of two, and a sample becomes the middle of its step.
/// </summary>
internal static class G711
{
    private static readonly ModuleConstant MuLawTable = Table(MuLaw), ALawTable = Table(ALaw);

    /// <summary>The table of a law, float32 <c>[65536]</c>, beginning with -32768; it belongs to this class.</summary>
    internal static Tensor Table(Codec law, Device device) => (law == Codec.PcmMulaw ? MuLawTable : ALawTable).In(ScalarType.Float32, device);

    // 14 bits of which the smallest steps are 8 of 16-bit samples; a bias of 132 puts the segments' borders on powers of two.
    internal static int MuLaw(int sample)
    {
        int magnitude = Math.Min(Math.Abs(sample), 32635) + 132;
        return Math.Sign(sample) * (Middle(magnitude, 8 << (BitOperations.Log2((uint)magnitude) - 7)) - 132);
    }

    // 13 bits of which the smallest steps are 16; zero is not among the values, and negative samples are complements.
    internal static int ALaw(int sample)
    {
        int magnitude = sample < 0 ? ~sample : sample;
        int middle = Middle(magnitude, magnitude < 512 ? 16 : 16 << (BitOperations.Log2((uint)magnitude) - 8));
        return sample < 0 ? -middle : middle;
    }

    private static int Middle(int value, int step) => value / step * step + step / 2;

    private static ModuleConstant Table(Func<int, int> law) => new(
        (dtype, device) => tensor(Enumerable.Range(-32768, 65536).Select(sample => law(sample) / 32768f).ToArray(), dtype).to(device));
}
