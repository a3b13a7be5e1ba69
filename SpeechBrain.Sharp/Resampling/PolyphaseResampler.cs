using System.Numerics;
using SpeechBrain.Sharp.Parallelism;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Resampling;

/// <summary>
/// The polyphase form of resampling: CPU tensors without gradient, read and written in place, L products a sample.
/// </summary>
internal static unsafe class PolyphaseResampler
{
    /// <summary>Resamples <c>[batch, time]</c> or <c>[batch, time, channels]</c> of any memory layout; not empty.</summary>
    internal static Tensor Apply(Tensor waveforms, PolyphaseTable table)
    {
        long[] shape = waveforms.shape;
        long time = shape[1], length = table.Kernel.Ratio.OutputLength(time);
        shape[1] = length;
        var result = empty(shape, waveforms.dtype, CPU);
        Into(waveforms, result, table, _ => (time, length));
        return result;
    }

    /// <summary>
    /// Resamples a part of a signal <c>[batch, time(, channels)]</c>: <paramref name="waveforms"/> begin at sample <paramref name="start"/>, and
    /// outputs from <paramref name="firstOutput"/> on fill <paramref name="result"/>. Neither is empty.
    /// </summary>
    internal static void Part(Tensor waveforms, long start, Tensor result, long firstOutput, PolyphaseTable table)
    {
        long time = waveforms.shape[1], outputs = result.shape[1];
        Run(waveforms, result, table, (_, source, target) => new PolyphaseRow(source, start, time, target, firstOutput, outputs));
    }

    /// <summary>
    /// Resamples the items of a batch into the begin of the rows of a result; <paramref name="lengths"/> gives each item's samples, in and out.
    /// </summary>
    internal static void Into(Tensor waveforms, Tensor result, PolyphaseTable table, Func<long, (long Input, long Output)> lengths) =>
        Run(waveforms, result, table, (item, source, target) =>
        {
            var (input, output) = lengths(item);
            return new PolyphaseRow(source, 0, input, target, 0, output);
        });

    private static void Run(Tensor waveforms, Tensor result, PolyphaseTable table, Func<long, nint, nint, PolyphaseRow> row)
    {
        var source = new SampleMemory(waveforms);
        var target = new SampleMemory(result);
        long[] shape = waveforms.shape;
        long channels = shape.Length == 3 ? shape[2] : 1;
        if (result.is_contiguous())
            HugePages.Advise((nint)target.Row(0, 0), result.numel() * target.ElementSize);
        var rows = new PolyphaseRow[checked((int)(shape[0] * channels))];
        for (int i = 0; i < rows.Length; i++)
        {
            (long item, long channel) = Math.DivRem(i, channels);
            rows[i] = row(item, (nint)source.Row(item, channel), (nint)target.Row(item, channel));
        }
        if (table is PolyphaseTable<double> wide)
            Run(wide);
        else
            Run((PolyphaseTable<float>)table);
        // Only addresses went into the job.
        GC.KeepAlive(waveforms);
        GC.KeepAlive(result);

        void Run<T>(PolyphaseTable<T> typed)
            where T : unmanaged, INumber<T> =>
            new PolyphaseJob<T>(typed, rows, (source.Dtype, source.TimeStride), (target.Dtype, target.TimeStride)).Run();
    }
}
