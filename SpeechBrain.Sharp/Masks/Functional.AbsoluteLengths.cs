using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp;

public static partial class Functional
{
    /// <summary>
    /// Turns relative lengths into absolute ones by the library's one rule: the float32 product <c>length * time</c>, rounded half to even.
    /// </summary>
    /// <param name="lengths">
    /// <c>[batch]</c>, relative (0 to 1), floating point. On the CPU its values are checked; on a GPU they are not, since that would synchronise.
    /// </param>
    /// <param name="time">The padded length, at least 0.</param>
    /// <returns><c>[batch]</c> int64 on the same device, 0 to <paramref name="time"/>.</returns>
    /// <remarks>
    /// <code>
    /// lengths = [1.0, 0.5, 0.1], time = 5   ->   [5, 2, 0]        (2.5 rounds to 2)
    /// </code>
    /// SpeechBrain 1.1.0 uses this rule for attention masks and losses, and others elsewhere (see <see cref="MakePaddingMask"/>).
    /// </remarks>
    /// <exception cref="ArgumentException">Wrong rank or type, or (CPU) a length outside [0, 1].</exception>
    public static Tensor AbsoluteLengths(Tensor lengths, long time)
    {
        RequireRelativeLengths(lengths, nameof(lengths));
        Require.Range(time, nameof(time), 0);
        using var scope = NewDisposeScope();
        var single = lengths.dtype == ScalarType.Float32 ? lengths : lengths.to_type(ScalarType.Float32);
        var absolute = single.mul(time).round().to_type(ScalarType.Int64);
        // Above 2^24 float32 may round the product up, beyond the padded length itself.
        if (time > 1 << 24)
            absolute = absolute.clamp_max(time);
        return absolute.MoveToOuterDisposeScope();
    }

    /// <summary>Checks a tensor of relative lengths; its values only where they lie in host memory.</summary>
    internal static void RequireRelativeLengths(Tensor lengths, string name, long? batch = null)
    {
        Require.Rank(lengths, name, "[batch]", 1);
        Require.Floating(lengths, name);
        if (batch is { } expected)
            Require.Size(lengths, name, 0, expected, "one length for each item of the batch");
        if (lengths.device_type != DeviceType.CPU || lengths.numel() == 0)
            return;
        using var scope = NewDisposeScope();
        using var values = lengths.detach().to_type(ScalarType.Float64).contiguous().data<double>();
        int index = 0;
        foreach (double value in values)
        {
            if (!(value >= 0 && value <= 1))
                throw new ArgumentOutOfRangeException(name, value, $"{name}[{index}] must be a relative length in [0, 1]: the item's length over the padded length.");
            index++;
        }
    }
}
