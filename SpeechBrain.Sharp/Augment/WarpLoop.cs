using System.Numerics;
using SpeechBrain.Sharp.Parallelism;
using SpeechBrain.Sharp.Resampling;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Augment;

/// <summary>
/// <see cref="Functional.Warping"/> on the memory of a CPU tensor without gradient: everything is read once and written once, where operators
/// write each tap's frames to fresh memory first, which costs more than the products.
/// </summary>
internal static unsafe class WarpLoop
{
    /// <summary>Warps contiguous float32 or float64 <c>[batch, time, features(, channels)]</c>.</summary>
    /// <param name="x">The spectrograms; not empty.</param>
    /// <param name="taps">For each place of the result the places it is made of, and their weights: <c>[batch or 1, places]</c> each.</param>
    /// <param name="dim">1: places are frames; 2: features.</param>
    internal static Tensor Apply(Tensor x, List<(Tensor Index, Tensor Weight)> taps, int dim)
    {
        var result = empty(x.shape, x.dtype, CPU);
        if (x.dtype == ScalarType.Float64)
            Run<double>(x, result, taps, dim);
        else
            Run<float>(x, result, taps, dim);
        return result;
    }

    private static void Run<T>(Tensor x, Tensor result, List<(Tensor Index, Tensor Weight)> taps, int dim)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        long[] shape = x.shape;
        // An example is `outer` runs of `places` places of `width` numbers.
        long places = shape[dim], outer = dim == 1 ? 1 : shape[1], width = shape[(dim + 1)..].Aggregate(1L, (product, n) => product * n);
        long[][] index = [.. taps.Select(tap => tap.Index.contiguous().data<long>().ToArray())];
        T[][] weight = [.. taps.Select(tap => tap.Weight.contiguous().data<double>().ToArray().Select(T.CreateTruncating).ToArray())];
        bool shared = index[0].Length == places;
        nint source = (nint)new SampleMemory(x).Row(0, 0), target = (nint)new SampleMemory(result).Row(0, 0);
        ParallelParts.Run(get_num_threads(), shape[0], example =>
        {
            long first = shared ? 0 : example * places;
            for (long run = example * outer; run < (example + 1) * outer; run++)
            {
                T* from = (T*)source + run * places * width, to = (T*)target + run * places * width;
                if (width == 1)
                    MixNumbers(from, to, index, weight, first, places);
                else
                    for (long place = 0; place < places; place++)
                        MixRows(from, to + place * width, index, weight, first + place, width);
            }
        });
        // Only addresses went into the loop.
        GC.KeepAlive(x);
        GC.KeepAlive(result);
    }

    // A place of several numbers: to = the sum over the taps of weight * the place that it names.
    private static void MixRows<T>(T* from, T* to, long[][] index, T[][] weight, long tap, long width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int taps = index.Length;
        T** rows = stackalloc T*[taps];
        T* factors = stackalloc T[taps];
        for (int k = 0; k < taps; k++)
        {
            rows[k] = from + index[k][tap] * width;
            factors[k] = weight[k][tap];
        }
        long i = 0;
        for (; i + Vector<T>.Count <= width; i += Vector<T>.Count)
        {
            var sum = Vector.Load(rows[0] + i) * factors[0];
            for (int k = 1; k < taps; k++)
                sum += Vector.Load(rows[k] + i) * factors[k];
            sum.Store(to + i);
        }
        for (; i < width; i++)
        {
            T sum = rows[0][i] * factors[0];
            for (int k = 1; k < taps; k++)
                sum += rows[k][i] * factors[k];
            to[i] = sum;
        }
    }

    // Places of one number each, tap by tap.
    private static void MixNumbers<T>(T* from, T* to, long[][] index, T[][] weight, long first, long places)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var sums = new Span<T>(to, checked((int)places));
        sums.Clear();
        for (int k = 0; k < index.Length; k++)
        {
            var at = index[k].AsSpan((int)first, sums.Length);
            var factors = weight[k].AsSpan((int)first, sums.Length);
            for (int i = 0; i < sums.Length; i++)
                sums[i] += from[at[i]] * factors[i];
        }
    }
}
