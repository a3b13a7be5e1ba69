namespace TorchSharp;

public static partial class torch
{
    /// <summary>The limits of a type of numbers with a point.</summary>
    public struct FInfo
    {
        /// <summary>Bits of one number.</summary>
        public int bits;

        /// <summary>The distance from one to the next number.</summary>
        public double eps;

        /// <summary>The greatest number.</summary>
        public double max;

        /// <summary>The least number.</summary>
        public double min;

        /// <summary>The least positive number of full precision.</summary>
        public double tiny;

        /// <summary>The same as <see cref="tiny"/>.</summary>
        public double smallest_normal;

        /// <summary>The decimal distance between neighbours near one.</summary>
        public double resolution;
    }

    /// <summary>The limits of float32.</summary>
    public static FInfo finfo() => finfo(ScalarType.Float32);

    /// <summary>The limits of a type of numbers with a point; of a complex type, its parts'.</summary>
    public static FInfo finfo(ScalarType dtype) => dtype switch
    {
        ScalarType.Float16 => Limits(16, precision: 10, exponent: 15, resolution: 1e-3),
        ScalarType.BFloat16 => Limits(16, precision: 7, exponent: 127, resolution: 1e-2),
        ScalarType.Float32 or ScalarType.ComplexFloat32 => Limits(32, precision: 23, exponent: 127, resolution: 1e-6),
        ScalarType.Float64 or ScalarType.ComplexFloat64 => Limits(64, precision: 52, exponent: 1023, resolution: 1e-15),
        _ => throw new ArgumentException($"{dtype} has no point; its limits are those of an integer", nameof(dtype)),
    };

    // A number is 1.f * 2^e with `precision` bits of f and e from 1 - `exponent` to `exponent`.
    private static FInfo Limits(int bits, int precision, int exponent, double resolution)
    {
        var eps = Math.ScaleB(1, -precision);
        var max = (2 - eps) * Math.ScaleB(1, exponent);
        var tiny = Math.ScaleB(1, 1 - exponent);
        return new FInfo { bits = bits, eps = eps, max = max, min = -max, tiny = tiny, smallest_normal = tiny, resolution = resolution };
    }
}
