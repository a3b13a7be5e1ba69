using SystemLibTorch.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Operator unique2Op = new("aten::_unique2");
        private static readonly Operator uniqueDimOp = new("aten::unique_dim");
        private static readonly Operator uniqueConsecutiveOp = new("aten::unique_consecutive");
        private static readonly Operator topkOp = new("aten::topk");
        private static readonly Operator sortStable = new("aten::sort", "stable");
        private static readonly Operator argsortOp = new("aten::argsort");
        private static readonly Operator msortOp = new("aten::msort");
        private static readonly Operator bucketizeTensor = new("aten::bucketize", "Tensor");
        private static readonly Operator bincountOp = new("aten::bincount");
        private static readonly Operator histcOp = new("aten::histc");

        /// <summary>The greatest (or least) k elements along a dimension, and their positions.</summary>
        public (Tensor, Tensor) topk(int k, int dim = -1, bool largest = true, bool sorted = true) => topkOp.Call2(this, k, dim, largest, sorted);

        /// <summary>The elements along a dimension in order, and their positions.</summary>
        public (Tensor, Tensor) sort(long dim = -1, bool descending = false, bool stable = false) => sortStable.Call2(this, stable, dim, descending);

        /// <summary>The positions that put a dimension in order.</summary>
        public Tensor argsort(long dim = -1, bool descending = false) => argsortOp.Call(this, dim, descending);

        /// <summary>The first dimension in order.</summary>
        public Tensor msort() => msortOp.Call(this);

        /// <summary>The interval between boundaries that each element falls into.</summary>
        public Tensor bucketize(Tensor boundaries, bool outInt32 = false, bool right = false) => bucketizeTensor.Call(this, boundaries, outInt32, right);

        /// <summary>How often each number occurs. Waits for the device.</summary>
        public Tensor bincount(Tensor? weights, long minlength = 0) => bincountOp.Call(this, weights, minlength);

        /// <summary>How many elements fall into each of equal intervals.</summary>
        public Tensor histc(long bins = 100, long min = 0, long max = 0) => histcOp.Call(this, bins, min, max);

        /// <summary>The different elements; on wish where each went and how often it occurs. Waits for the device.</summary>
        public (Tensor, Tensor?, Tensor?) unique(bool sorted = true, bool return_inverse = false, bool return_counts = false, int? dim = null)
        {
            var (values, inverse, counts) = dim is { } d
                ? uniqueDimOp.Call3(this, (long)d, sorted, return_inverse, return_counts)
                : unique2Op.Call3(this, sorted, return_inverse, return_counts);
            return (values, Wanted(inverse, return_inverse), Wanted(counts, return_counts));
        }

        /// <summary>The elements without direct repetitions; on wish where each went and how often it occurs. Waits for the device.</summary>
        public (Tensor, Tensor?, Tensor?) unique_consecutive(bool return_inverse = false, bool return_counts = false, int? dim = null)
        {
            var (values, inverse, counts) = uniqueConsecutiveOp.Call3(this, return_inverse, return_counts, (long?)dim);
            return (values, Wanted(inverse, return_inverse), Wanted(counts, return_counts));
        }

        private static Tensor? Wanted(Tensor tensor, bool wanted)
        {
            if (wanted) return tensor;
            tensor.Dispose();
            return null;
        }
    }

    private static readonly Operator searchsortedTensor = new("aten::searchsorted", "Tensor");
    private static readonly Operator searchsortedScalar = new("aten::searchsorted", "Scalar");

    /// <summary>The places of values in a sorted sequence.</summary>
    public static Tensor searchsorted(Tensor sorted_sequence, Tensor values, bool out_int32 = false, bool right = false, Tensor sorter = null!) =>
        searchsortedTensor.Call(sorted_sequence, values, out_int32, right, Arg.None, sorter);

    /// <summary>The place of a value in a sorted sequence.</summary>
    public static Tensor searchsorted(Tensor sorted_sequence, Scalar values, bool out_int32, bool right, Tensor sorter) =>
        searchsortedScalar.Call(sorted_sequence, values, out_int32, right, Arg.None, sorter);

    /// <summary>The greatest (or least) k elements along a dimension, and their positions.</summary>
    public static (Tensor, Tensor) topk(Tensor tensor, int k, int dim = -1, bool largest = true, bool sorted = true) => tensor.topk(k, dim, largest, sorted);

    /// <summary>The elements along a dimension in order, and their positions.</summary>
    public static (Tensor, Tensor) sort(Tensor input, long dim = -1, bool descending = false, bool stable = false) => input.sort(dim, descending, stable);

    /// <summary>The positions that put a dimension in order.</summary>
    public static Tensor argsort(Tensor input, long dim = -1, bool descending = false) => input.argsort(dim, descending);

    /// <summary>The first dimension in order.</summary>
    public static Tensor msort(Tensor tensor) => tensor.msort();

    /// <summary>The interval between boundaries that each element falls into.</summary>
    public static Tensor bucketize(Tensor input, Tensor boundaries, bool outInt32 = false, bool right = false) => input.bucketize(boundaries, outInt32, right);

    /// <summary>How often each number occurs. Waits for the device.</summary>
    public static Tensor bincount(Tensor input, Tensor? weights = null, long minlength = 0) => input.bincount(weights, minlength);

    /// <summary>How many elements fall into each of equal intervals.</summary>
    public static Tensor histc(Tensor input, long bins = 100, long min = 0, long max = 0) => input.histc(bins, min, max);

    /// <summary>The different elements; on wish where each went and how often it occurs. Waits for the device.</summary>
    public static (Tensor, Tensor?, Tensor?) unique(Tensor input, bool sorted = true, bool return_inverse = false, bool return_counts = false, int? dim = null) =>
        input.unique(sorted, return_inverse, return_counts, dim);

    /// <summary>The elements without direct repetitions; on wish where each went and how often it occurs. Waits for the device.</summary>
    public static (Tensor, Tensor?, Tensor?) unique_consecutive(Tensor input, bool return_inverse = false, bool return_counts = false, int? dim = null) =>
        input.unique_consecutive(return_inverse, return_counts, dim);
}
