using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Data;

/// <summary>
/// A float32 tensor <c>[rows, width]</c> on the CPU whose rows are written in place, also by threads that must not touch a tensor: what they get is
/// plain memory. Its values are whatever was there before.
/// </summary>
/// <remarks>The thread that makes it owns the tensor, which belongs to no dispose scope. Whoever writes keeps this object alive meanwhile.</remarks>
internal sealed unsafe class PaddedRows : IDisposable
{
    private readonly float* start;

    internal PaddedRows(int rows, long width)
    {
        (Count, Width) = (rows, width);
        Waves = empty([rows, width], ScalarType.Float32, CPU).DetachFromDisposeScope();
        // A view of one element is small enough for a span, whatever the tensor's size.
        using var scope = NewDisposeScope();
        start = (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(Waves.narrow(0, 0, 1).narrow(1, 0, 1).bytes));
    }

    internal Tensor Waves { get; }

    internal int Count { get; }

    internal long Width { get; }

    internal Span<float> this[int row] => new(start + row * Width, checked((int)Width));

    /// <summary>Copies a wave to the begin of a row and clears the rest.</summary>
    internal void Write(int row, ReadOnlySpan<float> wave)
    {
        wave.CopyTo(this[row]);
        this[row][wave.Length..].Clear();
    }

    public void Dispose() => Waves.Dispose();
}
