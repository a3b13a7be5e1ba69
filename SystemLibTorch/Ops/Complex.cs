using SystemLibTorch.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Operator viewAsRealOp = new("aten::view_as_real");
        private static readonly Operator viewAsComplexOp = new("aten::view_as_complex");
        private static readonly Operator angleOp = new("aten::angle");
        private static readonly Operator conjOp = new("aten::conj");
        private static readonly Operator resolveConjOp = new("aten::resolve_conj");

        private static readonly Operator realOp = new("aten::real");
        private static readonly Operator imagOp = new("aten::imag");

        /// <summary>The real parts; a view.</summary>
        public Tensor real => realOp.Call(this);

        /// <summary>The imaginary parts; a view.</summary>
        public Tensor imag => imagOp.Call(this);

        /// <summary>Complex numbers as pairs in a new last dimension; a view.</summary>
        public Tensor view_as_real() => viewAsRealOp.Call(this);

        /// <summary>Pairs in the last dimension as complex numbers; a view.</summary>
        public Tensor view_as_complex() => viewAsComplexOp.Call(this);

        /// <summary>The angle of complex numbers.</summary>
        public Tensor angle() => angleOp.Call(this);

        /// <summary>The conjugates; a view.</summary>
        public Tensor conj() => conjOp.Call(this);

        /// <summary>The tensor with a lazy conjugation carried out.</summary>
        public Tensor resolve_conj() => resolveConjOp.Call(this);
    }

    private static readonly Operator complexOp = new("aten::complex");
    private static readonly Operator polarOp = new("aten::polar");

    /// <summary>Complex numbers of two parts.</summary>
    public static Tensor complex(Tensor real, Tensor imag) => complexOp.Call(real, imag);

    /// <summary>Complex numbers of sizes and angles.</summary>
    public static Tensor polar(Tensor abs, Tensor angle) => polarOp.Call(abs, angle);

    /// <summary>The real parts; a view.</summary>
    public static Tensor real(Tensor input) => input.real;

    /// <summary>The imaginary parts; a view.</summary>
    public static Tensor imag(Tensor input) => input.imag;

    /// <summary>Complex numbers as pairs in a new last dimension; a view.</summary>
    public static Tensor view_as_real(Tensor input) => input.view_as_real();

    /// <summary>Pairs in the last dimension as complex numbers; a view.</summary>
    public static Tensor view_as_complex(Tensor input) => input.view_as_complex();

    /// <summary>The angle of complex numbers.</summary>
    public static Tensor angle(Tensor input) => input.angle();

    /// <summary>The conjugates; a view.</summary>
    public static Tensor conj(Tensor input) => input.conj();

    /// <summary>The tensor with a lazy conjugation carried out.</summary>
    public static Tensor resolve_conj(Tensor input) => input.resolve_conj();
}
