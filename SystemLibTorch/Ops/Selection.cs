using SystemLibTorch.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Operator takeAlongDimOp = new("aten::take_along_dim");
        private static readonly Operator nonzeroNumpyOp = new("aten::nonzero_numpy");
        private static readonly Operator gatherOp = new("aten::gather");
        private static readonly Operator scatterSrc = new("aten::scatter", "src");
        private static readonly Operator scatterSrcInPlace = new("aten::scatter_", "src");
        private static readonly Operator scatterAddOp = new("aten::scatter_add");
        private static readonly Operator scatterAddInPlace = new("aten::scatter_add_");
        private static readonly Operator indexSelectOp = new("aten::index_select");
        private static readonly Operator indexAddOp = new("aten::index_add");
        private static readonly Operator indexAddInPlace = new("aten::index_add_");
        private static readonly Operator indexCopyOp = new("aten::index_copy");
        private static readonly Operator indexCopyInPlace = new("aten::index_copy_");
        private static readonly Operator indexFillIntScalar = new("aten::index_fill", "int_Scalar");
        private static readonly Operator indexFillIntScalarInPlace = new("aten::index_fill_", "int_Scalar");
        private static readonly Operator maskedFillScalar = new("aten::masked_fill", "Scalar");
        private static readonly Operator maskedFillScalarInPlace = new("aten::masked_fill_", "Scalar");
        private static readonly Operator maskedSelectOp = new("aten::masked_select");
        private static readonly Operator maskedScatterOp = new("aten::masked_scatter");
        private static readonly Operator maskedScatterInPlace = new("aten::masked_scatter_");
        private static readonly Operator takeOp = new("aten::take");
        private static readonly Operator whereSelf = new("aten::where", "self");
        private static readonly Operator repeatInterleaveSelfInt = new("aten::repeat_interleave", "self_int");
        private static readonly Operator repeatInterleaveSelfTensor = new("aten::repeat_interleave", "self_Tensor");
        private static readonly Operator nonzeroOp = new("aten::nonzero");
        private static readonly Operator argwhereOp = new("aten::argwhere");

        /// <summary>Elements by position along a dimension.</summary>
        public Tensor gather(long dim, Tensor index) => gatherOp.Call(this, dim, index);

        /// <summary>A copy with elements written by position along a dimension.</summary>
        public Tensor scatter(long dim, Tensor index, Tensor src) => scatterSrc.Call(this, dim, index, src);

        /// <summary>Writes elements by position along a dimension.</summary>
        public Tensor scatter_(long dim, Tensor index, Tensor src) => scatterSrcInPlace.Modify(this, this, dim, index, src);

        /// <summary>A copy with elements added by position along a dimension.</summary>
        public Tensor scatter_add(long dim, Tensor index, Tensor src) => scatterAddOp.Call(this, dim, index, src);

        /// <summary>Adds elements by position along a dimension.</summary>
        public Tensor scatter_add_(long dim, Tensor index, Tensor src) => scatterAddInPlace.Modify(this, this, dim, index, src);

        /// <summary>Some positions of a dimension, in a given order.</summary>
        public Tensor index_select(long dim, Tensor index) => indexSelectOp.Call(this, dim, index);

        /// <summary>A copy with slices added at positions of a dimension.</summary>
        public Tensor index_add(long dim, Tensor index, Tensor source, Scalar alpha) => indexAddOp.Call(this, dim, index, source, alpha);

        /// <summary>Adds slices at positions of a dimension.</summary>
        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha) => indexAddInPlace.Modify(this, this, dim, index, source, alpha);

        /// <summary>A copy with slices written at positions of a dimension.</summary>
        public Tensor index_copy(long dim, Tensor index, Tensor source) => indexCopyOp.Call(this, dim, index, source);

        /// <summary>Writes slices at positions of a dimension.</summary>
        public Tensor index_copy_(long dim, Tensor index, Tensor source) => indexCopyInPlace.Modify(this, this, dim, index, source);

        /// <summary>A copy with a number written at positions of a dimension.</summary>
        public Tensor index_fill(long dim, Tensor index, Scalar value) => indexFillIntScalar.Call(this, dim, index, value);

        /// <summary>Writes a number at positions of a dimension.</summary>
        public Tensor index_fill_(long dim, Tensor index, Scalar value) => indexFillIntScalarInPlace.Modify(this, this, dim, index, value);

        /// <summary>A copy with a number written where a mask is true.</summary>
        public Tensor masked_fill(Tensor mask, Scalar value) => maskedFillScalar.Call(this, mask, value);

        /// <summary>Writes a number where a mask is true.</summary>
        public Tensor masked_fill_(Tensor mask, Scalar value) => maskedFillScalarInPlace.Modify(this, this, mask, value);

        /// <summary>The elements where a mask is true. Waits for the device.</summary>
        public Tensor masked_select(Tensor mask) => maskedSelectOp.Call(this, mask);

        /// <summary>A copy with elements written, in order, where a mask is true.</summary>
        public Tensor masked_scatter(Tensor mask, Tensor value) => maskedScatterOp.Call(this, mask, value);

        /// <summary>Writes elements, in order, where a mask is true.</summary>
        public Tensor masked_scatter_(Tensor mask, Tensor value) => maskedScatterInPlace.Modify(this, this, mask, value);

        /// <summary>Elements by position in the flattened tensor.</summary>
        public Tensor take(Tensor index) => takeOp.Call(this, index);

        /// <summary>Elements by position along a dimension, with broadcasting.</summary>
        public Tensor take_along_dim(Tensor indices, long dim) => takeAlongDimOp.Call(this, indices, dim);

        /// <summary>Elements by position in the flattened tensor.</summary>
        public Tensor take_along_dim(Tensor indices) => takeAlongDimOp.Call(this, indices);

        /// <summary>This tensor where a condition holds, another elsewhere.</summary>
        public Tensor where(Tensor condition, Tensor y) => whereSelf.Call(condition, this, y);

        /// <summary>Each element, or each position of a dimension, several times.</summary>
        public Tensor repeat_interleave(long repeats, long? dim = null, long? output_size = null) =>
            repeatInterleaveSelfInt.Call(this, repeats, dim, output_size);

        /// <summary>Each element, or each position of a dimension, as often as told. Waits for the device without <paramref name="output_size"/>.</summary>
        public Tensor repeat_interleave(Tensor repeats, long? dim = null, long? output_size = null) =>
            repeatInterleaveSelfTensor.Call(this, repeats, dim, output_size);

        /// <summary>The positions of the elements that are not zero, one a row. Waits for the device.</summary>
        public Tensor nonzero() => nonzeroOp.Call(this);

        /// <summary>The positions of the elements that are not zero, one tensor a dimension. Waits for the device.</summary>
        public IList<Tensor> nonzero_as_list() => nonzeroNumpyOp.CallMany(this);

        /// <summary>The positions of the elements that are not zero, one a row. Waits for the device.</summary>
        public Tensor argwhere() => argwhereOp.Call(this);
    }

    private static readonly Operator whereOp = new("aten::where");
    private static readonly Operator gatherOp = new("aten::gather");

    /// <summary>One tensor where a condition holds, another elsewhere.</summary>
    public static Tensor where(Tensor condition, Tensor x, Tensor y) => x.where(condition, y);

    /// <summary>The positions where a condition holds, one tensor a dimension. Waits for the device.</summary>
    public static Tensor[] where(Tensor condition) => whereOp.CallMany(condition);

    /// <summary>Elements by position along a dimension.</summary>
    public static Tensor gather(Tensor input, long dim, Tensor index, bool sparse_grad = false) => gatherOp.Call(input, dim, index, sparse_grad);

    /// <summary>Elements by position along a dimension, with broadcasting.</summary>
    public static Tensor take_along_dim(Tensor input, Tensor indices, long dim = 0) => input.take_along_dim(indices, dim);

    /// <summary>Elements by position along a dimension.</summary>
    public static Tensor gather(Tensor input, long dim, Tensor index) => input.gather(dim, index);

    /// <summary>A copy with elements written by position along a dimension.</summary>
    public static Tensor scatter(Tensor input, long dim, Tensor index, Tensor src) => input.scatter(dim, index, src);

    /// <summary>Writes elements by position along a dimension.</summary>
    public static Tensor scatter_(Tensor input, long dim, Tensor index, Tensor src) => input.scatter_(dim, index, src);

    /// <summary>A copy with elements added by position along a dimension.</summary>
    public static Tensor scatter_add(Tensor input, long dim, Tensor index, Tensor src) => input.scatter_add(dim, index, src);

    /// <summary>Adds elements by position along a dimension.</summary>
    public static Tensor scatter_add_(Tensor input, long dim, Tensor index, Tensor src) => input.scatter_add_(dim, index, src);

    /// <summary>Some positions of a dimension, in a given order.</summary>
    public static Tensor index_select(Tensor input, long dim, Tensor index) => input.index_select(dim, index);

    /// <summary>A copy with slices added at positions of a dimension.</summary>
    public static Tensor index_add(Tensor input, long dim, Tensor index, Tensor source, Scalar alpha) => input.index_add(dim, index, source, alpha);

    /// <summary>Adds slices at positions of a dimension.</summary>
    public static Tensor index_add_(Tensor input, long dim, Tensor index, Tensor source, Scalar alpha) => input.index_add_(dim, index, source, alpha);

    /// <summary>A copy with slices written at positions of a dimension.</summary>
    public static Tensor index_copy(Tensor input, long dim, Tensor index, Tensor source) => input.index_copy(dim, index, source);

    /// <summary>Writes slices at positions of a dimension.</summary>
    public static Tensor index_copy_(Tensor input, long dim, Tensor index, Tensor source) => input.index_copy_(dim, index, source);

    /// <summary>A copy with a number written at positions of a dimension.</summary>
    public static Tensor index_fill(Tensor input, long dim, Tensor index, Scalar value) => input.index_fill(dim, index, value);

    /// <summary>Writes a number at positions of a dimension.</summary>
    public static Tensor index_fill_(Tensor input, long dim, Tensor index, Scalar value) => input.index_fill_(dim, index, value);

    /// <summary>The elements where a mask is true. Waits for the device.</summary>
    public static Tensor masked_select(Tensor input, Tensor mask) => input.masked_select(mask);

    /// <summary>Elements by position in the flattened tensor.</summary>
    public static Tensor take(Tensor input, Tensor index) => input.take(index);

    /// <summary>Each element, or each position of a dimension, several times.</summary>
    public static Tensor repeat_interleave(Tensor input, long repeats, long? dim = null, long? output_size = null) =>
        input.repeat_interleave(repeats, dim, output_size);

    /// <summary>Each element, or each position of a dimension, as often as told. Waits for the device without <paramref name="output_size"/>.</summary>
    public static Tensor repeat_interleave(Tensor input, Tensor repeats, long? dim = null, long? output_size = null) =>
        input.repeat_interleave(repeats, dim, output_size);

    /// <summary>The positions of the elements that are not zero, one a row. Waits for the device.</summary>
    public static Tensor nonzero(Tensor input) => input.nonzero();

    /// <summary>The positions of the elements that are not zero, one a row. Waits for the device.</summary>
    public static Tensor argwhere(Tensor input) => input.argwhere();
}
