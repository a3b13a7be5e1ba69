using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Resampling;

/// <summary>
/// The taps that matter, for the polyphase form: for each output phase the first input sample it meets and the weights from there on,
/// padded with zeros to whole vectors. Where the ratio has few phases they are repeated, so that the inner loop runs over many.
/// </summary>
internal abstract class PolyphaseTable : ResamplingTable
{
    // Runs over phases end at the end of the table: short ones would be all loop and no work.
    private const long FewestPhases = 64;

    private protected PolyphaseTable(SincKernel kernel, int lanes)
    {
        Kernel = kernel;
        long repeats = Repeats(kernel.Ratio);
        Phases = checked((int)(kernel.Ratio.New * repeats));
        Period = kernel.Ratio.Orig * repeats;
        Taps = checked((int)kernel.Reach);
        Stride = (Taps + lanes - 1) / lanes * lanes;
        First = new int[Phases];
        for (int p = 0; p < Phases; p++)
            First[p] = checked((int)kernel.FirstTap(p));
    }

    internal SincKernel Kernel { get; }

    /// <summary>Output samples after which the table repeats.</summary>
    internal int Phases { get; }

    /// <summary>Input samples after which the table repeats.</summary>
    internal long Period { get; }

    /// <summary>Weights of a phase.</summary>
    internal int Taps { get; }

    /// <summary>Values from one phase's weights to the next's: the taps rounded up to whole vectors.</summary>
    internal int Stride { get; }

    /// <summary>For each phase, its first input sample counted from the begin of the period; it may be negative and never falls.</summary>
    internal int[] First { get; }

    internal override Tensor Apply(Tensor waveforms) => PolyphaseResampler.Apply(waveforms, this);

    // Plain .NET memory that nobody changes: everybody may have it.
    internal override ResamplingTable Alias() => this;

    /// <summary>The first input sample that an output sample meets.</summary>
    internal long Start(long output)
    {
        (long period, long phase) = Math.DivRem(output, Phases);
        return period * Period + First[phase];
    }

    internal static PolyphaseTable Make(SincKernel kernel, ScalarType dtype) =>
        dtype == ScalarType.Float64 ? new PolyphaseTable<double>(kernel, static w => w) : new PolyphaseTable<float>(kernel, static w => (float)w);

    /// <summary>Bytes that the table of a filter takes, with vectors of the widest kind.</summary>
    internal static Int128 BytesOf(SincKernel kernel, ScalarType dtype)
    {
        long size = dtype.ElementSize(), lanes = 64 / size;
        return (Int128)kernel.Ratio.New * Repeats(kernel.Ratio) * ((kernel.Reach + lanes - 1) / lanes * lanes * size + sizeof(int));
    }

    private static long Repeats(SampleRateRatio ratio) => (FewestPhases + ratio.New - 1) / ratio.New;
}

/// <summary>A table in the type that the sums are computed in.</summary>
internal sealed class PolyphaseTable<T> : PolyphaseTable
    where T : unmanaged, INumber<T>
{
    internal PolyphaseTable(SincKernel kernel, Func<double, T> round)
        : base(kernel, PolyphaseLoop<T>.Lanes)
    {
        // Pinned, so that the loop may keep its address.
        Weights = GC.AllocateArray<T>(checked(Phases * Stride), pinned: true);
        int distinct = (int)kernel.Ratio.New;
        for (int p = 0; p < distinct; p++)
            for (int k = 0; k < Taps; k++)
                Weights[p * Stride + k] = round(kernel.Weight(First[p] + k, p));
        for (int p = distinct; p < Phases; p += distinct)
            Weights.AsSpan(0, distinct * Stride).CopyTo(Weights.AsSpan(p * Stride));
    }

    /// <summary><c>[Phases, Stride]</c>.</summary>
    internal T[] Weights { get; }

    internal override long Bytes => (long)Weights.Length * Marshal.SizeOf<T>() + (long)First.Length * sizeof(int);
}
