using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp;

public static partial class Functional
{
    /// <summary>Turns each example by a shift of its own along one dimension; what leaves at one end comes back at the other.</summary>
    /// <param name="data"><c>[batch, time]</c>, or with one or two dimensions more, floating; it is not written to.</param>
    /// <param name="shift">int64 <c>[batch]</c>, or <c>[1]</c> for all: by how many places, to the right or (negative) left.</param>
    /// <param name="lengths">
    /// int64 <c>[batch]</c>: with <paramref name="dim"/> 1, examples turn within so many places and padding stays. Null: whole rows turn.
    /// </param>
    /// <param name="dim">The dimension, 1 to rank - 1.</param>
    /// <returns>The same shape, type and device.</returns>
    /// <exception cref="ArgumentException">A wrong shape, type or device.</exception>
    /// <remarks>SpeechBrain 1.1.0, <c>speechbrain/augment/freq_domain.py, RandomShift</c>, has one shift for the batch.</remarks>
    public static Tensor RandomShift(Tensor data, Tensor shift, Tensor? lengths = null, int dim = 1)
    {
        Require.Rank(data, nameof(data), "[batch, time, ...] of rank 2 to 4", 2, 3, 4);
        Require.Floating(data, nameof(data));
        ArgumentNullException.ThrowIfNull(shift);
        long[] shape = data.shape;
        Require.Range(dim, nameof(dim), 1, shape.Length - 1);
        RequireIndices(shift, nameof(shift), data, shift.numel() == 1 ? 1 : shape[0]);
        if (lengths is not null)
            RequireIndices(lengths, nameof(lengths), data, shape[0]);
        using var scope = NewDisposeScope();
        long size = shape[dim];
        if (data.numel() == 0)
            return data.alias().MoveToOuterDisposeScope();
        var place = arange(size, ScalarType.Int64, data.device).unsqueeze(0);
        var end = lengths is not null && dim == 1 ? lengths.unsqueeze(1) : full([1, 1], size, ScalarType.Int64, data.device);
        // The remainder of the few shifts and not of the many places, where it would cost more than all the rest.
        var turn = shift.unsqueeze(1).remainder(end.clamp_min(1));
        var from = place - turn;
        from = where(place.ge(end), place, from + from.lt(0) * end);
        // Into the data seen as [batch * what lies between, size * what lies behind].
        long between = shape[1..dim].Aggregate(1L, (product, n) => product * n);
        var first = arange(shape[0] * between, ScalarType.Int64, data.device).mul_(size).reshape(shape[0], between, 1);
        var flat = data.reshape([shape[0] * between * size, .. shape[(dim + 1)..]]);
        return flat.index_select(0, (from.unsqueeze(1) + first).reshape(-1)).reshape(shape).MoveToOuterDisposeScope();
    }
}
