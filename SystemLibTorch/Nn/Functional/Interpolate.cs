using SystemLibTorch.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>How values between samples are found.</summary>
    public enum InterpolationMode
    {
        Nearest = 0,
        Linear = 1,
        Bilinear = 2,
        Bicubic = 3,
        Trilinear = 4,
        Area = 5,
        NearestExact = 6,
    }

    public static partial class nn
    {
        public static partial class functional
        {
            private static readonly Operator[] nearest = Upsampling("aten::upsample_nearest1d", "aten::upsample_nearest2d", "aten::upsample_nearest3d");
            private static readonly Operator[] nearestExact =
                Upsampling("aten::_upsample_nearest_exact1d", "aten::_upsample_nearest_exact2d", "aten::_upsample_nearest_exact3d");
            private static readonly Operator[] linearly = Upsampling("aten::upsample_linear1d", "aten::upsample_bilinear2d", "aten::upsample_trilinear3d");
            private static readonly Operator[] cubic = Upsampling("aten::upsample_bicubic2d");
            private static readonly Operator[] antialiased = Upsampling("aten::_upsample_bilinear2d_aa", "aten::_upsample_bicubic2d_aa");
            private static readonly Operator[] averages =
                [new("aten::adaptive_avg_pool1d"), new("aten::adaptive_avg_pool2d"), new("aten::adaptive_avg_pool3d")];

            /// <summary>Resizes the dimensions behind batch and channels, to sizes or by factors.</summary>
            public static Tensor interpolate(
                Tensor x, long[]? size = null, double[]? scale_factor = null, InterpolationMode mode = InterpolationMode.Nearest, bool? align_corners = null,
                bool recompute_scale_factor = false, bool antialias = false)
            {
                var rank = (int)x.dim() - 2;
                if ((size is null) == (scale_factor is null)) throw new ArgumentException("interpolate takes either size or scale_factor");
                if (rank is < 1 or > 3) throw new ArgumentException($"interpolate takes tensors of 3 to 5 dimensions, not {rank + 2}", nameof(x));
                if (size is not null && size.Length != rank) throw new ArgumentException($"size has {size.Length} numbers, the input {rank} dimensions to resize", nameof(size));
                if (scale_factor is { Length: 1 } && rank > 1) scale_factor = [.. Enumerable.Repeat(scale_factor[0], rank)];
                if (mode == InterpolationMode.Area || recompute_scale_factor)
                {
                    size ??= [.. scale_factor!.Select((factor, d) => (long)Math.Floor(x.size(d + 2) * factor))];
                    scale_factor = null;
                }
                var corners = align_corners ?? false;
                return mode switch
                {
                    InterpolationMode.Nearest => nearest[rank - 1].Call(x, size, scale_factor),
                    InterpolationMode.NearestExact => nearestExact[rank - 1].Call(x, size, scale_factor),
                    InterpolationMode.Area => averages[rank - 1].Call(x, size),
                    InterpolationMode.Bilinear when antialias && rank == 2 => antialiased[0].Call(x, size, corners, scale_factor),
                    InterpolationMode.Bicubic when antialias && rank == 2 => antialiased[1].Call(x, size, corners, scale_factor),
                    InterpolationMode.Linear when rank == 1 => linearly[0].Call(x, size, corners, scale_factor),
                    InterpolationMode.Bilinear when rank == 2 => linearly[1].Call(x, size, corners, scale_factor),
                    InterpolationMode.Trilinear when rank == 3 => linearly[2].Call(x, size, corners, scale_factor),
                    InterpolationMode.Bicubic when rank == 2 => cubic[0].Call(x, size, corners, scale_factor),
                    _ => throw new ArgumentException($"interpolation {mode} is not for tensors of {rank + 2} dimensions", nameof(mode)),
                };
            }

            private static Operator[] Upsampling(params string[] names) => Array.ConvertAll(names, name => new Operator(name, "vec"));
        }
    }
}
