using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Transducer;

/// <summary>
/// Logits <c>[batch, T, U + 1, V]</c> on the CPU, or their gradient, by address and strides: valid while the tensor lives. The outputs of a node
/// are neighbours; otherwise the memory may lie in any way, so that a view of a part of a larger tensor serves as well.
/// </summary>
internal readonly unsafe struct LogitsMemory
{
    private readonly byte* start;
    private readonly long batchStride, frameStride, rowStride;

    /// <param name="logits"><c>[batch, T, U + 1, V]</c>, none of them 0, float32, float64, bfloat16 or float16.</param>
    internal LogitsMemory(Tensor logits)
    {
        if (!IsServed(logits))
            throw new ArgumentException(
                $"logits is {Require.Describe(logits)} with strides [{string.Join(", ", logits.stride())}]; it must lie on the CPU " +
                "with the outputs of a node as neighbours: contiguous().", nameof(logits));
        long[] shape = logits.shape, strides = logits.stride();
        (Batch, Frames, Rows, Outputs) = (shape[0], shape[1], shape[2], checked((int)shape[3]));
        Dtype = logits.dtype;
        ElementSize = Dtype.ElementSize();
        (batchStride, frameStride, rowStride) = (strides[0] * ElementSize, strides[1] * ElementSize, strides[2] * ElementSize);
        start = (byte*)Address(logits);
    }

    internal long Batch { get; }

    internal long Frames { get; }

    internal long Rows { get; }

    /// <summary>V.</summary>
    internal int Outputs { get; }

    internal ScalarType Dtype { get; }

    internal int ElementSize { get; }

    /// <summary>Whether a tensor lies in memory as this type needs it.</summary>
    internal static bool IsServed(Tensor logits) => logits.is_cpu() && (logits.size(3) == 1 || logits.stride(3) == 1);

    /// <summary>Where the memory of a CPU tensor with elements begins.</summary>
    internal static nint Address(Tensor tensor)
    {
        // A view of one element is contiguous however the tensor lies, and small enough for a span.
        using var scope = NewDisposeScope();
        var one = tensor;
        for (int d = 0; d < tensor.dim(); d++)
            one = one.narrow(d, 0, 1);
        return (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(one.bytes));
    }

    /// <summary>The logits of a node of the lattice.</summary>
    internal byte* Node(long utterance, long frame, long row) => start + utterance * batchStride + frame * frameStride + row * rowStride;
}
