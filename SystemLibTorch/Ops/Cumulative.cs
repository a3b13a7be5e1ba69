using SystemLibTorch.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Operator cumsumOp = new("aten::cumsum");
        private static readonly Operator cumprodOp = new("aten::cumprod");
        private static readonly Operator cummaxOp = new("aten::cummax");
        private static readonly Operator cumminOp = new("aten::cummin");
        private static readonly Operator logcumsumexpOp = new("aten::logcumsumexp");
        private static readonly Operator diffOp = new("aten::diff");

        /// <summary>The running sum along a dimension.</summary>
        public Tensor cumsum(long dim, ScalarType? type = null) => cumsumOp.Call(this, dim, type);

        /// <summary>The running product along a dimension.</summary>
        public Tensor cumprod(long dim, ScalarType? type = null) => cumprodOp.Call(this, dim, type);

        /// <summary>The running maximum along a dimension, and its positions.</summary>
        public (Tensor, Tensor) cummax(long dim) => cummaxOp.Call2(this, dim);

        /// <summary>The running minimum along a dimension, and its positions.</summary>
        public (Tensor, Tensor) cummin(long dim) => cumminOp.Call2(this, dim);

        /// <summary>The logarithm of the running sum of exponentials along a dimension.</summary>
        public Tensor logcumsumexp(long dim) => logcumsumexpOp.Call(this, dim);

        /// <summary>The differences of neighbours along a dimension.</summary>
        public Tensor diff(long n = 1, long dim = -1, Tensor? prepend = null, Tensor? append = null) => diffOp.Call(this, n, dim, prepend, append);
    }

    /// <summary>The running sum along a dimension.</summary>
    public static Tensor cumsum(Tensor input, long dim, ScalarType? type = null) => input.cumsum(dim, type);

    /// <summary>The running product along a dimension.</summary>
    public static Tensor cumprod(Tensor input, long dim, ScalarType? dtype = null) => input.cumprod(dim, dtype);

    /// <summary>The running maximum along a dimension, and its positions.</summary>
    public static (Tensor, Tensor) cummax(Tensor input, long dim) => input.cummax(dim);

    /// <summary>The running minimum along a dimension, and its positions.</summary>
    public static (Tensor, Tensor) cummin(Tensor input, long dim) => input.cummin(dim);

    /// <summary>The logarithm of the running sum of exponentials along a dimension.</summary>
    public static Tensor logcumsumexp(Tensor input, long dim) => input.logcumsumexp(dim);

    /// <summary>The differences of neighbours along a dimension.</summary>
    public static Tensor diff(Tensor input, long n = 1, long dim = -1, Tensor? prepend = null, Tensor? append = null) => input.diff(n, dim, prepend, append);
}
