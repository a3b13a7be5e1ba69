using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>Lengths of a batch as absolute int64 numbers, from what callers have: host integers, an integer tensor, or relative lengths.</summary>
internal static class BatchLengths
{
    /// <summary>
    /// Relative lengths (floating point, 0 to 1, of <paramref name="size"/>) become absolute by <see cref="Functional.AbsoluteLengths"/>;
    /// integers are taken as they are. Lengths on the CPU are checked; those on another device are not, since that would wait for it.
    /// </summary>
    /// <param name="lengths">Lengths <c>[batch]</c>, on the data's device or on the CPU.</param>
    /// <param name="name">The argument's name for messages.</param>
    /// <param name="data">What the lengths are of; gives batch and device.</param>
    /// <param name="size">The padded length, which 1.0 stands for.</param>
    /// <param name="least">The least absolute length allowed.</param>
    /// <param name="always">Check on any device; waits for it.</param>
    /// <returns>Int64 lengths <c>[batch]</c> on the data's device, in the current dispose scope.</returns>
    public static Tensor From(Tensor lengths, string name, Tensor data, long size, long least, bool always = false)
    {
        Require.Rank(lengths, name, "[batch]", 1);
        Require.Size(lengths, name, 0, data.size(0), "one length for each utterance");
        bool relative = lengths.is_floating_point();
        if (!relative && lengths.dtype is not (ScalarType.Int64 or ScalarType.Int32 or ScalarType.Int16 or ScalarType.Int8 or ScalarType.Byte))
            throw new ArgumentException(
                $"{name} is {Require.Describe(lengths)}; give relative lengths as floating-point numbers, or absolute ones as integers.", name);
        if (!lengths.is_cpu())
            Require.SameDevice(lengths, name, data, "the data");
        if (relative)
            Functional.RequireRelativeLengths(lengths, name);
        using var scope = NewDisposeScope();
        var absolute = relative ? Functional.AbsoluteLengths(lengths, size) : lengths.to(ScalarType.Int64);
        if (always || lengths.is_cpu())
            Check(HostValues(absolute), name, size, least, relative);
        return absolute.to(data.device, copy: true).MoveToOuterDisposeScope();
    }

    /// <summary>Host lengths as an int64 tensor <c>[batch]</c> on the data's device, in the current dispose scope.</summary>
    public static Tensor From(long[] lengths, string name, Tensor data, long size, long least)
    {
        ArgumentNullException.ThrowIfNull(lengths, name);
        if (lengths.Length != data.size(0))
            throw new ArgumentException($"{name} has {lengths.Length} items; one length for each of the {data.size(0)} utterances is needed.", name);
        Check(lengths, name, size, least, relative: false);
        return tensor(lengths, dtype: ScalarType.Int64, device: data.device);
    }

    /// <summary>The values of an integer tensor. Waits for its device.</summary>
    public static long[] HostValues(Tensor integers)
    {
        if (integers.numel() == 0)
            return [];
        using var scope = NewDisposeScope();
        using var values = integers.to(ScalarType.Int64).cpu().contiguous().data<long>();
        return values.ToArray();
    }

    private static void Check(long[] lengths, string name, long size, long least, bool relative)
    {
        for (int i = 0; i < lengths.Length; i++)
            if (lengths[i] < least || lengths[i] > size)
                throw new ArgumentOutOfRangeException(name, lengths[i], relative
                    ? $"{name}[{i}] of the padded length {size} rounds to {lengths[i]}; it must be {least} to {size}. Leave the utterance out."
                    : $"{name}[{i}] must lie in [{least}, {size}].");
    }
}
