using System.Buffers;
using System.Numerics;
using SpeechBrain.Sharp.Parallelism;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Resampling;

/// <summary>One signal of a polyphase call: where its samples lie and which outputs are wanted.</summary>
/// <param name="Source">Its first sample in memory.</param>
/// <param name="SourceStart">The index of that sample in the whole signal; samples before it count as zeros.</param>
/// <param name="SourceLength">Samples in memory; those after them count as zeros.</param>
/// <param name="Target">Where the first output wanted goes.</param>
/// <param name="FirstOutput">Its index in the whole signal.</param>
/// <param name="Outputs">How many are wanted.</param>
internal readonly record struct PolyphaseRow(nint Source, long SourceStart, long SourceLength, nint Target, long FirstOutput, long Outputs);

/// <summary>
/// A polyphase call: rows cut into blocks of outputs, the blocks spread over threads. A block whose input lies in memory as the loop needs it
/// is read in place; another (at the ends of a signal, strided, or of half precision) through a small buffer.
/// </summary>
internal sealed unsafe class PolyphaseJob<T>
    where T : unmanaged, INumber<T>
{
    // A block's input and output stay in the first-level cache.
    private const long BlockSamples = 2048;

    // Below this many products a thread costs more than it saves.
    private const long ProductsPerThread = 1 << 19;

    private readonly PolyphaseTable<T> table;
    private readonly PolyphaseRow[] rows;
    private readonly (ScalarType Dtype, long Stride) source, target;
    private readonly bool readsInPlace, writesInPlace;
    private readonly long block;
    private readonly long[] blocksBefore;

    internal PolyphaseJob(PolyphaseTable<T> table, PolyphaseRow[] rows,
        (ScalarType Dtype, long Stride) source, (ScalarType Dtype, long Stride) target)
    {
        this.table = table;
        this.rows = rows;
        this.source = source;
        this.target = target;
        readsInPlace = SampleCopy<T>.IsDirect(source.Dtype, source.Stride);
        writesInPlace = SampleCopy<T>.IsDirect(target.Dtype, target.Stride);
        block = Math.Clamp(BlockSamples * table.Phases / Math.Max(table.Period, table.Phases), 16, BlockSamples);
        blocksBefore = new long[rows.Length + 1];
        for (int i = 0; i < rows.Length; i++)
            blocksBefore[i + 1] = blocksBefore[i] + (rows[i].Outputs + block - 1) / block;
    }

    internal void Run()
    {
        long blocks = blocksBefore[^1];
        long threads = Math.Min(get_num_threads(), blocks * block * table.Stride / ProductsPerThread);
        // More parts than threads, so that one that starts late or is interrupted does not hold up the rest.
        long parts = threads <= 1 ? 1 : Math.Min(blocks, threads * 16);
        ParallelParts.Run((int)threads, parts, part => Run(blocks * part / parts, blocks * (part + 1) / parts));
    }

    private void Run(long firstBlock, long endBlock)
    {
        int row = 0;
        T[] input = [], output = writesInPlace ? [] : ArrayPool<T>.Shared.Rent((int)block);
        fixed (T* written = output)
        fixed (int* first = table.First)
        fixed (T* weights = table.Weights)
        {
            for (long b = firstBlock; b < endBlock; b++)
            {
                while (b >= blocksBefore[row + 1])
                    row++;
                var r = rows[row];
                long done = (b - blocksBefore[row]) * block;
                int count = (int)Math.Min(block, r.Outputs - done);
                long j = r.FirstOutput + done;
                long begin = table.Start(j), end = table.Start(j + count - 1) + table.Stride;
                T* y = writesInPlace ? (T*)r.Target + done : written;
                if (readsInPlace && begin >= r.SourceStart && end <= r.SourceStart + r.SourceLength)
                {
                    Outputs((T*)r.Source - r.SourceStart, j, count, y, first, weights);
                }
                else
                {
                    if (input.Length < end - begin)
                    {
                        if (input.Length > 0)
                            ArrayPool<T>.Shared.Return(input);
                        input = ArrayPool<T>.Shared.Rent(checked((int)(end - begin)));
                    }
                    fixed (T* x = input)
                    {
                        Fill(r, begin, end, x);
                        Outputs(x - begin, j, count, y, first, weights);
                    }
                }
                if (!writesInPlace)
                    SampleCopy<T>.Write(target.Dtype, written,
                        (byte*)r.Target + done * target.Stride * target.Dtype.ElementSize(), target.Stride, count);
            }
        }
        if (input.Length > 0)
            ArrayPool<T>.Shared.Return(input);
        if (output.Length > 0)
            ArrayPool<T>.Shared.Return(output);
    }

    // Input samples [begin, end), zeros where the signal has none.
    private void Fill(PolyphaseRow r, long begin, long end, T* x)
    {
        long from = Math.Clamp(r.SourceStart, begin, end), to = Math.Clamp(r.SourceStart + r.SourceLength, from, end);
        new Span<T>(x, (int)(from - begin)).Clear();
        byte* samples = (byte*)r.Source + (from - r.SourceStart) * source.Stride * source.Dtype.ElementSize();
        SampleCopy<T>.Read(source.Dtype, samples, source.Stride, x + (from - begin), to - from);
        new Span<T>(x + (to - begin), (int)(end - to)).Clear();
    }

    // x is where sample 0 of the signal lies or would lie.
    private void Outputs(T* x, long j, int count, T* y, int* first, T* weights)
    {
        (long period, long phase) = Math.DivRem(j, table.Phases);
        while (count > 0)
        {
            int run = (int)Math.Min(count, table.Phases - phase);
            PolyphaseLoop<T>.Run(x + period * table.Period, first + phase, weights + phase * table.Stride, table.Taps, table.Stride, y, run);
            y += run;
            count -= run;
            phase = 0;
            period++;
        }
    }
}
