using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Resampling;

/// <summary>
/// The samples of a CPU tensor <c>[batch, time]</c> or <c>[batch, time, channels]</c> by address and strides. Valid while the tensor lives.
/// </summary>
internal readonly unsafe struct SampleMemory
{
    private readonly byte* start;
    private readonly long batchStride, channelStride;

    internal SampleMemory(Tensor samples)
    {
        Dtype = samples.dtype;
        ElementSize = Dtype.ElementSize();
        long[] strides = samples.stride();
        batchStride = strides[0];
        TimeStride = strides[1];
        channelStride = strides.Length == 3 ? strides[2] : 0;
        // A view of one element is contiguous however the tensor lies, and small enough for a span.
        using var scope = NewDisposeScope();
        var one = samples;
        for (int d = 0; d < strides.Length; d++)
            one = one.narrow(d, 0, 1);
        start = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(one.bytes));
    }

    internal ScalarType Dtype { get; }

    internal long ElementSize { get; }

    /// <summary>Elements from one sample to the next.</summary>
    internal long TimeStride { get; }

    /// <summary>The first sample of a signal.</summary>
    internal byte* Row(long item, long channel) => start + (item * batchStride + channel * channelStride) * ElementSize;
}
