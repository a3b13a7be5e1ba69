using SystemLibTorch.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Operator sinOp = new("aten::sin");
        private static readonly Operator sinInPlace = new("aten::sin_");
        private static readonly Operator cosOp = new("aten::cos");
        private static readonly Operator cosInPlace = new("aten::cos_");
        private static readonly Operator tanOp = new("aten::tan");
        private static readonly Operator tanInPlace = new("aten::tan_");
        private static readonly Operator sinhOp = new("aten::sinh");
        private static readonly Operator sinhInPlace = new("aten::sinh_");
        private static readonly Operator coshOp = new("aten::cosh");
        private static readonly Operator coshInPlace = new("aten::cosh_");
        private static readonly Operator tanhOp = new("aten::tanh");
        private static readonly Operator tanhInPlace = new("aten::tanh_");
        private static readonly Operator asinOp = new("aten::asin");
        private static readonly Operator asinInPlace = new("aten::asin_");
        private static readonly Operator acosOp = new("aten::acos");
        private static readonly Operator acosInPlace = new("aten::acos_");
        private static readonly Operator atanOp = new("aten::atan");
        private static readonly Operator atanInPlace = new("aten::atan_");
        private static readonly Operator asinhOp = new("aten::asinh");
        private static readonly Operator asinhInPlace = new("aten::asinh_");
        private static readonly Operator acoshOp = new("aten::acosh");
        private static readonly Operator acoshInPlace = new("aten::acosh_");
        private static readonly Operator atanhOp = new("aten::atanh");
        private static readonly Operator atanhInPlace = new("aten::atanh_");
        private static readonly Operator atan2Op = new("aten::atan2");
        private static readonly Operator atan2InPlace = new("aten::atan2_");
        private static readonly Operator sincOp = new("aten::sinc");
        private static readonly Operator sincInPlace = new("aten::sinc_");
        private static readonly Operator deg2radOp = new("aten::deg2rad");
        private static readonly Operator rad2degOp = new("aten::rad2deg");

        /// <summary>The sine.</summary>
        public Tensor sin() => sinOp.Call(this);

        /// <summary>The sine. In place.</summary>
        public Tensor sin_() => sinInPlace.Modify(this, this);

        /// <summary>The cosine.</summary>
        public Tensor cos() => cosOp.Call(this);

        /// <summary>The cosine. In place.</summary>
        public Tensor cos_() => cosInPlace.Modify(this, this);

        /// <summary>The tangent.</summary>
        public Tensor tan() => tanOp.Call(this);

        /// <summary>The tangent. In place.</summary>
        public Tensor tan_() => tanInPlace.Modify(this, this);

        /// <summary>The hyperbolic sine.</summary>
        public Tensor sinh() => sinhOp.Call(this);

        /// <summary>The hyperbolic sine. In place.</summary>
        public Tensor sinh_() => sinhInPlace.Modify(this, this);

        /// <summary>The hyperbolic cosine.</summary>
        public Tensor cosh() => coshOp.Call(this);

        /// <summary>The hyperbolic cosine. In place.</summary>
        public Tensor cosh_() => coshInPlace.Modify(this, this);

        /// <summary>The hyperbolic tangent.</summary>
        public Tensor tanh() => tanhOp.Call(this);

        /// <summary>The hyperbolic tangent. In place.</summary>
        public Tensor tanh_() => tanhInPlace.Modify(this, this);

        /// <summary>The inverse of the sine.</summary>
        public Tensor asin() => asinOp.Call(this);

        /// <summary>The inverse of the sine. In place.</summary>
        public Tensor asin_() => asinInPlace.Modify(this, this);

        /// <summary>The inverse of the cosine.</summary>
        public Tensor acos() => acosOp.Call(this);

        /// <summary>The inverse of the cosine. In place.</summary>
        public Tensor acos_() => acosInPlace.Modify(this, this);

        /// <summary>The inverse of the tangent.</summary>
        public Tensor atan() => atanOp.Call(this);

        /// <summary>The inverse of the tangent. In place.</summary>
        public Tensor atan_() => atanInPlace.Modify(this, this);

        /// <summary>The inverse of the hyperbolic sine.</summary>
        public Tensor asinh() => asinhOp.Call(this);

        /// <summary>The inverse of the hyperbolic sine. In place.</summary>
        public Tensor asinh_() => asinhInPlace.Modify(this, this);

        /// <summary>The inverse of the hyperbolic cosine.</summary>
        public Tensor acosh() => acoshOp.Call(this);

        /// <summary>The inverse of the hyperbolic cosine. In place.</summary>
        public Tensor acosh_() => acoshInPlace.Modify(this, this);

        /// <summary>The inverse of the hyperbolic tangent.</summary>
        public Tensor atanh() => atanhOp.Call(this);

        /// <summary>The inverse of the hyperbolic tangent. In place.</summary>
        public Tensor atanh_() => atanhInPlace.Modify(this, this);

        /// <summary>The angle of a point whose height is this tensor and whose width another.</summary>
        public Tensor atan2(Tensor other) => atan2Op.Call(this, other);

        /// <summary>Replaces this tensor's heights by the points' angles.</summary>
        public Tensor atan2_(Tensor other) => atan2InPlace.Modify(this, this, other);

        /// <summary>sin(pi x) / (pi x), one at zero.</summary>
        public Tensor sinc() => sincOp.Call(this);

        /// <summary>sin(pi x) / (pi x), one at zero. In place.</summary>
        public Tensor sinc_() => sincInPlace.Modify(this, this);

        /// <summary>Degrees as radians.</summary>
        public Tensor deg2rad() => deg2radOp.Call(this);

        /// <summary>Radians as degrees.</summary>
        public Tensor rad2deg() => rad2degOp.Call(this);
    }

    /// <summary>The sine.</summary>
    public static Tensor sin(Tensor input) => input.sin();

    /// <summary>The sine. In place.</summary>
    public static Tensor sin_(Tensor input) => input.sin_();

    /// <summary>The cosine.</summary>
    public static Tensor cos(Tensor input) => input.cos();

    /// <summary>The cosine. In place.</summary>
    public static Tensor cos_(Tensor input) => input.cos_();

    /// <summary>The tangent.</summary>
    public static Tensor tan(Tensor input) => input.tan();

    /// <summary>The tangent. In place.</summary>
    public static Tensor tan_(Tensor input) => input.tan_();

    /// <summary>The hyperbolic sine.</summary>
    public static Tensor sinh(Tensor input) => input.sinh();

    /// <summary>The hyperbolic sine. In place.</summary>
    public static Tensor sinh_(Tensor input) => input.sinh_();

    /// <summary>The hyperbolic cosine.</summary>
    public static Tensor cosh(Tensor input) => input.cosh();

    /// <summary>The hyperbolic cosine. In place.</summary>
    public static Tensor cosh_(Tensor input) => input.cosh_();

    /// <summary>The hyperbolic tangent.</summary>
    public static Tensor tanh(Tensor input) => input.tanh();

    /// <summary>The hyperbolic tangent. In place.</summary>
    public static Tensor tanh_(Tensor input) => input.tanh_();

    /// <summary>The inverse of the sine.</summary>
    public static Tensor asin(Tensor input) => input.asin();

    /// <summary>The inverse of the sine. In place.</summary>
    public static Tensor asin_(Tensor input) => input.asin_();

    /// <summary>The inverse of the cosine.</summary>
    public static Tensor acos(Tensor input) => input.acos();

    /// <summary>The inverse of the cosine. In place.</summary>
    public static Tensor acos_(Tensor input) => input.acos_();

    /// <summary>The inverse of the tangent.</summary>
    public static Tensor atan(Tensor input) => input.atan();

    /// <summary>The inverse of the tangent. In place.</summary>
    public static Tensor atan_(Tensor input) => input.atan_();

    /// <summary>The inverse of the hyperbolic sine.</summary>
    public static Tensor asinh(Tensor input) => input.asinh();

    /// <summary>The inverse of the hyperbolic sine. In place.</summary>
    public static Tensor asinh_(Tensor input) => input.asinh_();

    /// <summary>The inverse of the hyperbolic cosine.</summary>
    public static Tensor acosh(Tensor input) => input.acosh();

    /// <summary>The inverse of the hyperbolic cosine. In place.</summary>
    public static Tensor acosh_(Tensor input) => input.acosh_();

    /// <summary>The inverse of the hyperbolic tangent.</summary>
    public static Tensor atanh(Tensor input) => input.atanh();

    /// <summary>The inverse of the hyperbolic tangent. In place.</summary>
    public static Tensor atanh_(Tensor input) => input.atanh_();

    /// <summary>The angle of a point whose height is a tensor and whose width another.</summary>
    public static Tensor atan2(Tensor input, Tensor other) => input.atan2(other);

    /// <summary>Replaces a tensor's heights by the points' angles.</summary>
    public static Tensor atan2_(Tensor input, Tensor other) => input.atan2_(other);

    /// <summary>sin(pi x) / (pi x), one at zero.</summary>
    public static Tensor sinc(Tensor input) => input.sinc();

    /// <summary>sin(pi x) / (pi x), one at zero. In place.</summary>
    public static Tensor sinc_(Tensor input) => input.sinc_();

    /// <summary>Degrees as radians.</summary>
    public static Tensor deg2rad(Tensor input) => input.deg2rad();

    /// <summary>Radians as degrees.</summary>
    public static Tensor rad2deg(Tensor input) => input.rad2deg();
}
