using SystemLibTorch.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Operator unflattenInt = new("aten::unflatten", "int");
        private static readonly Operator squeezeOp = new("aten::squeeze");
        private static readonly Operator squeezeDim = new("aten::squeeze", "dim");
        private static readonly Operator squeezeInPlace = new("aten::squeeze_");
        private static readonly Operator squeezeDimInPlace = new("aten::squeeze_", "dim");
        private static readonly Operator rollOp = new("aten::roll");
        private static readonly Operator viewOp = new("aten::view");
        private static readonly Operator reshapeOp = new("aten::reshape");
        private static readonly Operator flattenUsingInts = new("aten::flatten", "using_ints");
        private static readonly Operator transposeInt = new("aten::transpose", "int");
        private static readonly Operator transposeInPlace = new("aten::transpose_");
        private static readonly Operator tOp = new("aten::t");
        private static readonly Operator permuteOp = new("aten::permute");
        private static readonly Operator movedimIntlist = new("aten::movedim", "intlist");
        private static readonly Operator unsqueezeOp = new("aten::unsqueeze");
        private static readonly Operator unsqueezeInPlace = new("aten::unsqueeze_");
        private static readonly Operator expandOp = new("aten::expand");
        private static readonly Operator broadcastToOp = new("aten::broadcast_to");
        private static readonly Operator repeatOp = new("aten::repeat");
        private static readonly Operator tileOp = new("aten::tile");
        private static readonly Operator narrowOp = new("aten::narrow");
        private static readonly Operator asStridedOp = new("aten::as_strided");
        private static readonly Operator unfoldOp = new("aten::unfold");
        private static readonly Operator flipOp = new("aten::flip");
        private static readonly Operator fliplrOp = new("aten::fliplr");
        private static readonly Operator flipudOp = new("aten::flipud");
        private static readonly Operator diagonalOp = new("aten::diagonal");
        private static readonly Operator diagOp = new("aten::diag");
        private static readonly Operator diagEmbedOp = new("aten::diag_embed");
        private static readonly Operator trilOp = new("aten::tril");
        private static readonly Operator trilInPlace = new("aten::tril_");
        private static readonly Operator triuOp = new("aten::triu");
        private static readonly Operator triuInPlace = new("aten::triu_");
        private static readonly Operator selectScatterOp = new("aten::select_scatter");
        private static readonly Operator sliceScatterOp = new("aten::slice_scatter");

        /// <summary>The same memory in another shape.</summary>
        public Tensor view(params long[] shape) => viewOp.Call(this, shape);

        /// <summary>The same memory in another's shape.</summary>
        public Tensor view_as(Tensor other) => view(other.shape);

        /// <summary>Another shape: a view where the strides allow it, else a copy.</summary>
        public Tensor reshape(params long[] shape) => reshapeOp.Call(this, shape);

        /// <summary>Dimensions from one to another as one.</summary>
        public Tensor flatten(long start_dim = 0, long end_dim = -1) => flattenUsingInts.Call(this, start_dim, end_dim);

        /// <summary>A dimension as several.</summary>
        public Tensor unflatten(long dim, params long[] sizes)
        {
            if (dim < 0 || dim >= ndim) throw new ArgumentException($"Invalid 'dim' argument: {dim}.");
            if (sizes.Length == 0) throw new ArgumentException("The number of output sizes is zero.");
            return unflattenInt.Call(this, dim, sizes);
        }

        /// <summary>All elements in one dimension.</summary>
        public Tensor ravel() => flatten();

        /// <summary>Two dimensions exchanged; a view.</summary>
        public Tensor transpose(long dim0, long dim1) => transposeInt.Call(this, dim0, dim1);

        /// <summary>Exchanges two dimensions of this tensor.</summary>
        public Tensor transpose_(long dim0, long dim1) => transposeInPlace.Modify(this, this, dim0, dim1);

        /// <summary>Two dimensions exchanged; a view.</summary>
        public Tensor swapaxes(long dim0, long dim1) => transpose(dim0, dim1);

        /// <summary>Two dimensions exchanged; a view.</summary>
        public Tensor swapdims(long dim0, long dim1) => transpose(dim0, dim1);

        /// <summary>A matrix's dimensions exchanged; a view.</summary>
        public Tensor t() => tOp.Call(this);

        /// <summary>All dimensions in reverse order; a view.</summary>
        public Tensor T
        {
            get
            {
                var order = new long[dim()];
                for (var i = 0; i < order.Length; i++) order[i] = order.Length - 1 - i;
                return permute(order);
            }
        }

        /// <summary>The last two dimensions exchanged; a view.</summary>
        public Tensor mT => transpose(-2, -1);

        /// <summary>The dimensions in another order; a view.</summary>
        public Tensor permute(params long[] permutation) => permuteOp.Call(this, permutation);

        /// <summary>The dimensions in another order; a view.</summary>
        public Tensor permute(IEnumerable<long> permutation) => permute(permutation.ToArray());

        /// <summary>Dimensions moved to other places; a view.</summary>
        public Tensor movedim(long[] source, long[] destination) => movedimIntlist.Call(this, source, destination);

        /// <summary>Dimensions moved to other places; a view.</summary>
        public Tensor moveaxis(long[] source, long[] destination) => movedim(source, destination);

        /// <summary>Without a dimension of one, or without all of them.</summary>
        public Tensor squeeze(long? dim = null) => dim is { } d ? squeezeDim.Call(this, d) : squeezeOp.Call(this);

        /// <summary>Drops a dimension of one, or all of them.</summary>
        public Tensor squeeze_(long? dim = null) => dim is { } d ? squeezeDimInPlace.Modify(this, this, d) : squeezeInPlace.Modify(this, this);

        /// <summary>A new dimension of one at a place.</summary>
        public Tensor unsqueeze(long dim) => unsqueezeOp.Call(this, dim);

        /// <summary>Gives this tensor a new dimension of one at a place.</summary>
        public Tensor unsqueeze_(long dim) => unsqueezeInPlace.Modify(this, this, dim);

        /// <summary>Dimensions of one repeated without copying; -1 keeps a size.</summary>
        public Tensor expand(long[] sizes, bool isImplicit = false) => expandOp.Call(this, sizes, isImplicit);

        /// <summary>Dimensions of one repeated without copying; -1 keeps a size.</summary>
        public Tensor expand(params long[] sizes) => expand(sizes, false);

        /// <summary>Dimensions of one repeated without copying; -1 keeps a size.</summary>
        public Tensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false) => expand(sizes.ToArray(), isImplicit);

        /// <summary>Dimensions of one repeated without copying, to another's shape.</summary>
        public Tensor expand_as(Tensor other) => expand(other.shape);

        /// <summary>Dimensions of one repeated without copying.</summary>
        public Tensor broadcast_to(params long[] shape) => broadcastToOp.Call(this, shape);

        /// <summary>The whole tensor repeated along each dimension; a copy.</summary>
        public Tensor repeat(params long[] sizes) => repeatOp.Call(this, sizes);

        /// <summary>The whole tensor repeated along each dimension; a copy.</summary>
        public Tensor tile(long[] reps) => tileOp.Call(this, reps);

        /// <summary>A range of a dimension; a view.</summary>
        public Tensor narrow(long dim, long start, long length) => narrowOp.Call(this, dim, start, length);

        /// <summary>The same memory by sizes, strides and an offset.</summary>
        public Tensor as_strided(long[] size, long[] strides, long storageOffset = 0) => asStridedOp.Call(this, size, strides, storageOffset);

        /// <summary>All windows of a size along a dimension, one every step, as a new last dimension; a view.</summary>
        public Tensor unfold(long dimension, long size, long step) => unfoldOp.Call(this, dimension, size, step);

        /// <summary>Dimensions in reverse order; a copy.</summary>
        public Tensor flip(params long[] dims) => flipOp.Call(this, dims);

        /// <summary>The second dimension in reverse order; a copy.</summary>
        public Tensor fliplr() => fliplrOp.Call(this);

        /// <summary>The first dimension in reverse order; a copy.</summary>
        public Tensor flipud() => flipudOp.Call(this);

        /// <summary>Elements moved round a dimension, or round the flattened tensor.</summary>
        public Tensor roll(long shifts, long? dims = null) => rollOp.Call(this, (long[])[shifts], dims is { } d ? (long[])[d] : (long[])[]);

        /// <summary>Elements moved round dimensions.</summary>
        public Tensor roll(long[] shifts, long[] dims) => rollOp.Call(this, shifts, dims);

        /// <summary>Elements moved round the first dimension.</summary>
        public Tensor roll(long[] shifts) => roll(shifts, (long[])[0]);

        /// <summary>Elements moved round dimensions, or round the flattened tensor.</summary>
        public Tensor roll(ReadOnlySpan<long> shifts, ReadOnlySpan<long> dims = default) => rollOp.Call(this, shifts.ToArray(), dims.ToArray());

        /// <summary>Elements moved round two dimensions.</summary>
        public Tensor roll((long, long) shifts, (long, long) dims) => roll((long[])[shifts.Item1, shifts.Item2], (long[])[dims.Item1, dims.Item2]);

        /// <summary>A diagonal of two dimensions; a view.</summary>
        public Tensor diagonal(long offset = 0, long dim1 = 0, long dim2 = 1) => diagonalOp.Call(this, offset, dim1, dim2);

        /// <summary>A matrix's diagonal, or a matrix from its diagonal.</summary>
        public Tensor diag(long diagonal = 0) => diagOp.Call(this, diagonal);

        /// <summary>Matrices from their diagonals.</summary>
        public Tensor diag_embed(long offset = 0, long dim1 = -2, long dim2 = -1) => diagEmbedOp.Call(this, offset, dim1, dim2);

        /// <summary>A matrix's lower triangle, zeros elsewhere.</summary>
        public Tensor tril(long diagonal = 0) => trilOp.Call(this, diagonal);

        /// <summary>Sets zeros above a diagonal.</summary>
        public Tensor tril_(long diagonal = 0) => trilInPlace.Modify(this, this, diagonal);

        /// <summary>A matrix's upper triangle, zeros elsewhere.</summary>
        public Tensor triu(long diagonal = 0) => triuOp.Call(this, diagonal);

        /// <summary>Sets zeros below a diagonal.</summary>
        public Tensor triu_(long diagonal = 0) => triuInPlace.Modify(this, this, diagonal);

        /// <summary>A copy with one position of a dimension replaced.</summary>
        public Tensor select_scatter(Tensor src, long dim, long index) => selectScatterOp.Call(this, src, dim, index);

        /// <summary>A copy with a range of a dimension replaced.</summary>
        public Tensor slice_scatter(Tensor src, long dim = 0, long? start = null, long? end = null, long step = 1) =>
            sliceScatterOp.Call(this, src, dim, start, end, step);
    }

    private static readonly Operator trilIndicesOp = new("aten::tril_indices");
    private static readonly Operator triuIndicesOp = new("aten::triu_indices");

    /// <summary>Dimensions moved to other places; a view.</summary>
    public static Tensor movedim(Tensor input, long[] source, long[] destination) => input.movedim(source, destination);

    /// <summary>A dimension moved to another place; a view.</summary>
    public static Tensor movedim(Tensor input, long source, long destination) => input.movedim([source], [destination]);

    /// <summary>Dimensions moved to other places; a view.</summary>
    public static Tensor moveaxis(Tensor input, long[] source, long[] destination) => input.movedim(source, destination);

    /// <summary>A dimension moved to another place; a view.</summary>
    public static Tensor moveaxis(Tensor input, long source, long destination) => input.movedim([source], [destination]);

    /// <summary>The positions of a matrix's lower triangle.</summary>
    public static Tensor tril_indices(long row, long col, long offset = 0, ScalarType dtype = ScalarType.Int64, Device? device = null) =>
        trilIndicesOp.Call(row, col, offset, dtype, Arg.None, device);

    /// <summary>The positions of a matrix's upper triangle.</summary>
    public static Tensor triu_indices(long row, long col, long offset = 0, ScalarType dtype = ScalarType.Int64, Device? device = null) =>
        triuIndicesOp.Call(row, col, offset, dtype, Arg.None, device);

    /// <summary>Two dimensions exchanged; a view.</summary>
    public static Tensor swapaxes(Tensor input, long axis0, long axis1) => input.transpose(axis0, axis1);

    /// <summary>Another shape: a view where the strides allow it, else a copy.</summary>
    public static Tensor reshape(Tensor input, params long[] shape) => input.reshape(shape);

    /// <summary>Dimensions from one to another as one.</summary>
    public static Tensor flatten(Tensor input, long start_dim = 0, long end_dim = -1) => input.flatten(start_dim, end_dim);

    /// <summary>A dimension as several.</summary>
    public static Tensor unflatten(Tensor input, long dim, params long[] sizes) => input.unflatten(dim, sizes);

    /// <summary>All elements in one dimension.</summary>
    public static Tensor ravel(Tensor input) => input.ravel();

    /// <summary>Two dimensions exchanged; a view.</summary>
    public static Tensor transpose(Tensor input, long dim0, long dim1) => input.transpose(dim0, dim1);

    /// <summary>Two dimensions exchanged; a view.</summary>
    public static Tensor swapdims(Tensor input, long dim0, long dim1) => input.swapdims(dim0, dim1);

    /// <summary>A matrix's dimensions exchanged; a view.</summary>
    public static Tensor t(Tensor input) => input.t();

    /// <summary>The dimensions in another order; a view.</summary>
    public static Tensor permute(Tensor input, params long[] permutation) => input.permute(permutation);

    /// <summary>Without a dimension of one, or without all of them.</summary>
    public static Tensor squeeze(Tensor input, long? dim = null) => input.squeeze(dim);

    /// <summary>Drops a dimension of one, or all of them.</summary>
    public static Tensor squeeze_(Tensor input, long? dim = null) => input.squeeze_(dim);

    /// <summary>A new dimension of one at a place.</summary>
    public static Tensor unsqueeze(Tensor input, long dim) => input.unsqueeze(dim);

    /// <summary>Gives a tensor a new dimension of one at a place.</summary>
    public static Tensor unsqueeze_(Tensor input, long dim) => input.unsqueeze_(dim);

    /// <summary>Dimensions of one repeated without copying.</summary>
    public static Tensor broadcast_to(Tensor input, params long[] shape) => input.broadcast_to(shape);

    /// <summary>The whole tensor repeated along each dimension; a copy.</summary>
    public static Tensor tile(Tensor input, long[] dims) => input.tile(dims);

    /// <summary>A range of a dimension; a view.</summary>
    public static Tensor narrow(Tensor input, long dim, long start, long length) => input.narrow(dim, start, length);

    /// <summary>Dimensions in reverse order; a copy.</summary>
    public static Tensor flip(Tensor input, params long[] dims) => input.flip(dims);

    /// <summary>The second dimension in reverse order; a copy.</summary>
    public static Tensor fliplr(Tensor input) => input.fliplr();

    /// <summary>The first dimension in reverse order; a copy.</summary>
    public static Tensor flipud(Tensor input) => input.flipud();

    /// <summary>Elements moved round a dimension, or round the flattened tensor.</summary>
    public static Tensor roll(Tensor input, long shifts, long? dims = null) => input.roll(shifts, dims);

    /// <summary>Elements moved round dimensions.</summary>
    public static Tensor roll(Tensor input, long[] shifts, long[] dims) => input.roll(shifts, dims);

    /// <summary>Elements moved round the first dimension.</summary>
    public static Tensor roll(Tensor input, long[] shifts) => input.roll(shifts);

    /// <summary>Elements moved round dimensions, or round the flattened tensor.</summary>
    public static Tensor roll(Tensor input, ReadOnlySpan<long> shifts, ReadOnlySpan<long> dims = default) => input.roll(shifts, dims);

    /// <summary>Elements moved round two dimensions.</summary>
    public static Tensor roll(Tensor input, (long, long) shifts, (long, long) dims) => input.roll(shifts, dims);

    /// <summary>A diagonal of two dimensions; a view.</summary>
    public static Tensor diagonal(Tensor input, long offset = 0, long dim1 = 0, long dim2 = 1) => input.diagonal(offset, dim1, dim2);

    /// <summary>A matrix's diagonal, or a matrix from its diagonal.</summary>
    public static Tensor diag(Tensor input, long diagonal = 0) => input.diag(diagonal);

    /// <summary>Matrices from their diagonals.</summary>
    public static Tensor diag_embed(Tensor input, long offset = 0, long dim1 = -2, long dim2 = -1) => input.diag_embed(offset, dim1, dim2);

    /// <summary>A matrix's lower triangle, zeros elsewhere.</summary>
    public static Tensor tril(Tensor input, long diagonal = 0) => input.tril(diagonal);

    /// <summary>Sets zeros above a diagonal.</summary>
    public static Tensor tril_(Tensor input, long diagonal = 0) => input.tril_(diagonal);

    /// <summary>A matrix's upper triangle, zeros elsewhere.</summary>
    public static Tensor triu(Tensor input, long diagonal = 0) => input.triu(diagonal);

    /// <summary>Sets zeros below a diagonal.</summary>
    public static Tensor triu_(Tensor input, long diagonal = 0) => input.triu_(diagonal);

    /// <summary>A copy with one position of a dimension replaced.</summary>
    public static Tensor select_scatter(Tensor input, Tensor src, long dim, long index) => input.select_scatter(src, dim, index);

    /// <summary>A copy with a range of a dimension replaced.</summary>
    public static Tensor slice_scatter(Tensor input, Tensor src, long dim = 0, long? start = null, long? end = null, long step = 1) =>
        input.slice_scatter(src, dim, start, end, step);
}
