using SystemLibTorch.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Operator amaxOp = new("aten::amax");
        private static readonly Operator amaxOut = new("aten::amax", "out");
        private static readonly Operator aminOp = new("aten::amin");
        private static readonly Operator aminOut = new("aten::amin", "out");
        private static readonly Operator maxOp = new("aten::max");
        private static readonly Operator maxDim = new("aten::max", "dim");
        private static readonly Operator maxOther = new("aten::max", "other");
        private static readonly Operator minOp = new("aten::min");
        private static readonly Operator minDim = new("aten::min", "dim");
        private static readonly Operator minOther = new("aten::min", "other");
        private static readonly Operator aminmaxOp = new("aten::aminmax");
        private static readonly Operator argmaxOp = new("aten::argmax");
        private static readonly Operator argminOp = new("aten::argmin");
        private static readonly Operator medianOp = new("aten::median");
        private static readonly Operator nanmedianOp = new("aten::nanmedian");
        private static readonly Operator modeOp = new("aten::mode");
        private static readonly Operator kthvalueOp = new("aten::kthvalue");
        private static readonly Operator quantileOp = new("aten::quantile");
        private static readonly Operator nanquantileOp = new("aten::nanquantile");

        /// <summary>The greatest element.</summary>
        public Tensor max() => maxOp.Call(this);

        /// <summary>The greatest elements along a dimension, and their positions.</summary>
        public (Tensor, Tensor) max(long dim, bool keepdim = false) => maxDim.Call2(this, dim, keepdim);

        /// <summary>The greater of two, element by element.</summary>
        public Tensor max(Tensor other) => maxOther.Call(this, other);

        /// <summary>The least element.</summary>
        public Tensor min() => minOp.Call(this);

        /// <summary>The least elements along a dimension, and their positions.</summary>
        public (Tensor, Tensor) min(long dim, bool keepdim = false) => minDim.Call2(this, dim, keepdim);

        /// <summary>The lesser of two, element by element.</summary>
        public Tensor min(Tensor other) => minOther.Call(this, other);

        /// <summary>The greatest elements along dimensions.</summary>
        public Tensor amax(long[] dims, bool keepdim = false, Tensor? @out = null) =>
            @out is null ? amaxOp.Call(this, dims, keepdim) : amaxOut.Modify(@out, this, dims, keepdim, @out);

        /// <summary>The greatest elements along dimensions.</summary>
        public Tensor amax(ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null) => amax(dims.ToArray(), keepdim, @out);

        /// <summary>The greatest elements along dimensions.</summary>
        public Tensor amax(params long[] dims) => amaxOp.Call(this, dims);

        /// <summary>The least elements along dimensions.</summary>
        public Tensor amin(long[] dims, bool keepdim = false, Tensor? @out = null) =>
            @out is null ? aminOp.Call(this, dims, keepdim) : aminOut.Modify(@out, this, dims, keepdim, @out);

        /// <summary>The least elements along dimensions.</summary>
        public Tensor amin(ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null) => amin(dims.ToArray(), keepdim, @out);

        /// <summary>The least elements along dimensions.</summary>
        public Tensor amin(params long[] dims) => aminOp.Call(this, dims);

        /// <summary>The least and the greatest elements.</summary>
        public (Tensor, Tensor) aminmax(long? dim = null, bool keepdim = false) => aminmaxOp.Call2(this, dim, keepdim);

        /// <summary>The position of the greatest element in the flattened tensor.</summary>
        public Tensor argmax() => argmaxOp.Call(this);

        /// <summary>The positions of the greatest elements along a dimension.</summary>
        public Tensor argmax(long dim, bool keepdim = false) => argmaxOp.Call(this, dim, keepdim);

        /// <summary>The position of the least element in the flattened tensor.</summary>
        public Tensor argmin() => argminOp.Call(this);

        /// <summary>The positions of the least elements along a dimension.</summary>
        public Tensor argmin(long dim, bool keepdim = false) => argminOp.Call(this, dim, keepdim);

        /// <summary>The median of all elements, the lower one of two.</summary>
        public Tensor median() => medianOp.Call(this);

        /// <summary>The median of the elements that are numbers.</summary>
        public Tensor nanmedian() => nanmedianOp.Call(this);

        /// <summary>The most frequent elements along a dimension, and their positions.</summary>
        public (Tensor, Tensor) mode(long dim = -1, bool keepdim = false) => modeOp.Call2(this, dim, keepdim);

        /// <summary>The k-th least elements along a dimension, and their positions.</summary>
        public (Tensor, Tensor) kthvalue(long k, long? dim, bool keepdim = false) => kthvalueOp.Call2(this, k, dim ?? -1, keepdim);

        /// <summary>Quantiles along a dimension.</summary>
        public Tensor quantile(Tensor q, long dim = -1, bool keepdim = false) => quantileOp.Call(this, q, dim, keepdim);

        /// <summary>Quantiles of the elements that are numbers, along a dimension.</summary>
        public Tensor nanquantile(Tensor q, long dim = -1, bool keepdim = false) => nanquantileOp.Call(this, q, dim, keepdim);
    }

    /// <summary>The greatest element.</summary>
    public static Tensor max(Tensor input) => input.max();

    /// <summary>The greatest elements along a dimension, and their positions.</summary>
    public static (Tensor, Tensor) max(Tensor input, long dim, bool keepdim = false) => input.max(dim, keepdim);

    /// <summary>The greater of two, element by element.</summary>
    public static Tensor max(Tensor input, Tensor other) => input.max(other);

    /// <summary>The least element.</summary>
    public static Tensor min(Tensor input) => input.min();

    /// <summary>The least elements along a dimension, and their positions.</summary>
    public static (Tensor, Tensor) min(Tensor input, long dim, bool keepdim = false) => input.min(dim, keepdim);

    /// <summary>The lesser of two, element by element.</summary>
    public static Tensor min(Tensor input, Tensor other) => input.min(other);

    /// <summary>The greatest elements along dimensions.</summary>
    public static Tensor amax(Tensor input, long[] dims, bool keepdim = false, Tensor? @out = null) => input.amax(dims, keepdim, @out);

    /// <summary>The greatest elements along dimensions.</summary>
    public static Tensor amax(Tensor input, ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null) => input.amax(dims, keepdim, @out);

    /// <summary>The greatest elements along dimensions.</summary>
    public static Tensor amax(Tensor input, long[] dims) => input.amax(dims);

    /// <summary>The least elements along dimensions.</summary>
    public static Tensor amin(Tensor input, long[] dims, bool keepdim = false, Tensor? @out = null) => input.amin(dims, keepdim, @out);

    /// <summary>The least elements along dimensions.</summary>
    public static Tensor amin(Tensor input, ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null) => input.amin(dims, keepdim, @out);

    /// <summary>The least and the greatest elements.</summary>
    public static (Tensor, Tensor) aminmax(Tensor input, long? dim = null, bool keepdim = false) => input.aminmax(dim, keepdim);

    /// <summary>The position of the greatest element in the flattened tensor.</summary>
    public static Tensor argmax(Tensor input) => input.argmax();

    /// <summary>The positions of the greatest elements along a dimension.</summary>
    public static Tensor argmax(Tensor input, long dim, bool keepdim = false) => input.argmax(dim, keepdim);

    /// <summary>The position of the least element in the flattened tensor.</summary>
    public static Tensor argmin(Tensor input) => input.argmin();

    /// <summary>The positions of the least elements along a dimension.</summary>
    public static Tensor argmin(Tensor input, long dim, bool keepdim = false) => input.argmin(dim, keepdim);

    /// <summary>The median of all elements, the lower one of two.</summary>
    public static Tensor median(Tensor input) => input.median();

    /// <summary>The median of the elements that are numbers.</summary>
    public static Tensor nanmedian(Tensor input) => input.nanmedian();

    /// <summary>The most frequent elements along a dimension, and their positions.</summary>
    public static (Tensor, Tensor) mode(Tensor input, long dim = -1, bool keepdim = false) => input.mode(dim, keepdim);

    /// <summary>The k-th least elements along a dimension, and their positions.</summary>
    public static (Tensor, Tensor) kthvalue(Tensor input, long k, long? dim, bool keepdim = false) => input.kthvalue(k, dim, keepdim);

    /// <summary>Quantiles along a dimension.</summary>
    public static Tensor quantile(Tensor input, Tensor q, long dim = -1, bool keepdim = false) => input.quantile(q, dim, keepdim);

    /// <summary>Quantiles of the elements that are numbers, along a dimension.</summary>
    public static Tensor nanquantile(Tensor input, Tensor q, long dim = -1, bool keepdim = false) => input.nanquantile(q, dim, keepdim);
}
