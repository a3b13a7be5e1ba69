using SystemLibTorch.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Operator roundOp = new("aten::round");
        private static readonly Operator roundDecimals = new("aten::round", "decimals");
        private static readonly Operator roundInPlace = new("aten::round_");
        private static readonly Operator roundDecimalsInPlace = new("aten::round_", "decimals");
        private static readonly Operator floorOp = new("aten::floor");
        private static readonly Operator floorInPlace = new("aten::floor_");
        private static readonly Operator ceilOp = new("aten::ceil");
        private static readonly Operator ceilInPlace = new("aten::ceil_");
        private static readonly Operator truncOp = new("aten::trunc");
        private static readonly Operator truncInPlace = new("aten::trunc_");
        private static readonly Operator fixOp = new("aten::fix");
        private static readonly Operator fixInPlace = new("aten::fix_");
        private static readonly Operator fracOp = new("aten::frac");
        private static readonly Operator fracInPlace = new("aten::frac_");
        private static readonly Operator clampOp = new("aten::clamp");
        private static readonly Operator clampTensor = new("aten::clamp", "Tensor");
        private static readonly Operator clampInPlace = new("aten::clamp_");
        private static readonly Operator clampTensorInPlace = new("aten::clamp_", "Tensor");
        private static readonly Operator clampMinOp = new("aten::clamp_min");
        private static readonly Operator clampMinInPlace = new("aten::clamp_min_");
        private static readonly Operator clampMaxOp = new("aten::clamp_max");
        private static readonly Operator clampMaxInPlace = new("aten::clamp_max_");

        /// <summary>Rounded down.</summary>
        public Tensor floor() => floorOp.Call(this);

        /// <summary>Rounded down. In place.</summary>
        public Tensor floor_() => floorInPlace.Modify(this, this);

        /// <summary>Rounded up.</summary>
        public Tensor ceil() => ceilOp.Call(this);

        /// <summary>Rounded up. In place.</summary>
        public Tensor ceil_() => ceilInPlace.Modify(this, this);

        /// <summary>Rounded towards zero.</summary>
        public Tensor trunc() => truncOp.Call(this);

        /// <summary>Rounded towards zero. In place.</summary>
        public Tensor trunc_() => truncInPlace.Modify(this, this);

        /// <summary>Rounded towards zero.</summary>
        public Tensor fix() => fixOp.Call(this);

        /// <summary>Rounded towards zero. In place.</summary>
        public Tensor fix_() => fixInPlace.Modify(this, this);

        /// <summary>What rounding towards zero takes away.</summary>
        public Tensor frac() => fracOp.Call(this);

        /// <summary>What rounding towards zero takes away. In place.</summary>
        public Tensor frac_() => fracInPlace.Modify(this, this);

        /// <summary>Rounded to a number of decimals, halves to the even neighbour.</summary>
        public Tensor round(long decimals = 0) => decimals == 0 ? roundOp.Call(this) : roundDecimals.Call(this, decimals);

        /// <summary>Rounds this tensor, halves to the even neighbour.</summary>
        public Tensor round_(long decimals = 0) => decimals == 0 ? roundInPlace.Modify(this, this) : roundDecimalsInPlace.Modify(this, this, decimals);

        /// <summary>The numbers, kept between two bounds.</summary>
        public Tensor clamp(Scalar? min = null, Scalar? max = null) => clampOp.Call(this, min, max);

        /// <summary>The numbers, kept between two bounds.</summary>
        public Tensor clamp(Tensor? min = null, Tensor? max = null) => clampTensor.Call(this, min, max);

        /// <summary>Keeps this tensor's numbers between two bounds.</summary>
        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => clampInPlace.Modify(this, this, min, max);

        /// <summary>Keeps this tensor's numbers between two bounds.</summary>
        public Tensor clamp_(Tensor? min = null, Tensor? max = null) => clampTensorInPlace.Modify(this, this, min, max);

        /// <summary>The numbers, kept between two bounds.</summary>
        public Tensor clip(Scalar? min = null, Scalar? max = null) => clamp(min, max);

        /// <summary>The numbers, none below a bound.</summary>
        public Tensor clamp_min(Scalar min) => clampMinOp.Call(this, min);

        /// <summary>Lifts this tensor's numbers to a bound.</summary>
        public Tensor clamp_min_(Scalar min) => clampMinInPlace.Modify(this, this, min);

        /// <summary>The numbers, none above a bound.</summary>
        public Tensor clamp_max(Scalar max) => clampMaxOp.Call(this, max);

        /// <summary>Cuts this tensor's numbers at a bound.</summary>
        public Tensor clamp_max_(Scalar max) => clampMaxInPlace.Modify(this, this, max);
    }

    /// <summary>Rounded down.</summary>
    public static Tensor floor(Tensor input) => input.floor();

    /// <summary>Rounded down. In place.</summary>
    public static Tensor floor_(Tensor input) => input.floor_();

    /// <summary>Rounded up.</summary>
    public static Tensor ceil(Tensor input) => input.ceil();

    /// <summary>Rounded up. In place.</summary>
    public static Tensor ceil_(Tensor input) => input.ceil_();

    /// <summary>Rounded towards zero.</summary>
    public static Tensor trunc(Tensor input) => input.trunc();

    /// <summary>Rounded towards zero. In place.</summary>
    public static Tensor trunc_(Tensor input) => input.trunc_();

    /// <summary>Rounded towards zero.</summary>
    public static Tensor fix(Tensor input) => input.fix();

    /// <summary>Rounded towards zero. In place.</summary>
    public static Tensor fix_(Tensor input) => input.fix_();

    /// <summary>What rounding towards zero takes away.</summary>
    public static Tensor frac(Tensor input) => input.frac();

    /// <summary>What rounding towards zero takes away. In place.</summary>
    public static Tensor frac_(Tensor input) => input.frac_();

    /// <summary>Rounded to a number of decimals, halves to the even neighbour.</summary>
    public static Tensor round(Tensor input, long decimals = 0) => input.round(decimals);

    /// <summary>Rounds a tensor, halves to the even neighbour.</summary>
    public static Tensor round_(Tensor input, long decimals = 0) => input.round_(decimals);

    /// <summary>The numbers, kept between two bounds.</summary>
    public static Tensor clamp(Tensor input, Scalar? min = null, Scalar? max = null) => input.clamp(min, max);

    /// <summary>The numbers, kept between two bounds.</summary>
    public static Tensor clamp(Tensor input, Tensor? min = null, Tensor? max = null) => input.clamp(min, max);

    /// <summary>Keeps a tensor's numbers between two bounds.</summary>
    public static Tensor clamp_(Tensor input, Scalar? min = null, Scalar? max = null) => input.clamp_(min, max);

    /// <summary>Keeps a tensor's numbers between two bounds.</summary>
    public static Tensor clamp_(Tensor input, Tensor? min = null, Tensor? max = null) => input.clamp_(min, max);

    /// <summary>The numbers, kept between two bounds.</summary>
    public static Tensor clip(Tensor input, Scalar? min = null, Scalar? max = null) => input.clip(min, max);

    /// <summary>The numbers, none below a bound.</summary>
    public static Tensor clamp_min(Tensor input, Scalar min) => input.clamp_min(min);

    /// <summary>Lifts a tensor's numbers to a bound.</summary>
    public static Tensor clamp_min_(Tensor input, Scalar min) => input.clamp_min_(min);

    /// <summary>The numbers, none above a bound.</summary>
    public static Tensor clamp_max(Tensor input, Scalar max) => input.clamp_max(max);

    /// <summary>Cuts a tensor's numbers at a bound.</summary>
    public static Tensor clamp_max_(Tensor input, Scalar max) => input.clamp_max_(max);
}
