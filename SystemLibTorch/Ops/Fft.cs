using SystemLibTorch.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Operator stftCenter = new("aten::stft", "center");
        private static readonly Operator istftOp = new("aten::istft");

        /// <summary>The short-time Fourier transform.</summary>
        public Tensor stft(
            long n_fft, long hop_length = -1, long win_length = -1, Tensor? window = null, bool center = true,
            PaddingModes pad_mode = PaddingModes.Reflect, bool normalized = false, bool? onesided = null, bool? return_complex = null) =>
            stftCenter.Call(
                this, n_fft, hop_length < 0 ? Arg.None : hop_length, win_length < 0 ? Arg.None : win_length, window, center,
                pad_mode switch { PaddingModes.Reflect => "reflect", PaddingModes.Replicate => "replicate", PaddingModes.Circular => "circular", _ => "constant" },
                normalized, onesided, return_complex);

        /// <summary>The inverse of the short-time Fourier transform.</summary>
        public Tensor istft(
            long n_fft, long hop_length = -1, long win_length = -1, Tensor? window = null, bool center = true, bool normalized = false,
            bool? onesided = null, long length = -1, bool return_complex = false) =>
            istftOp.Call(
                this, n_fft, hop_length < 0 ? Arg.None : hop_length, win_length < 0 ? Arg.None : win_length, window, center, normalized, onesided,
                length < 0 ? Arg.None : length, return_complex);
    }

    /// <summary>The short-time Fourier transform.</summary>
    public static Tensor stft(
        Tensor input, long n_fft, long hop_length = -1, long win_length = -1, Tensor? window = null, bool center = true,
        PaddingModes pad_mode = PaddingModes.Reflect, bool normalized = false, bool? onesided = null, bool? return_complex = null) =>
        input.stft(n_fft, hop_length, win_length, window, center, pad_mode, normalized, onesided, return_complex);

    /// <summary>The inverse of the short-time Fourier transform.</summary>
    public static Tensor istft(
        Tensor input, long n_fft, long hop_length = -1, long win_length = -1, Tensor? window = null, bool center = true, bool normalized = false,
        bool? onesided = null, long length = -1, bool return_complex = false) =>
        input.istft(n_fft, hop_length, win_length, window, center, normalized, onesided, length, return_complex);

    /// <summary>Discrete Fourier transforms.</summary>
    public static partial class fft
    {
        private static readonly Operator fftFftfreqOp = new("aten::fft_fftfreq");
        private static readonly Operator fftRfftfreqOp = new("aten::fft_rfftfreq");
        private static readonly Operator fftFftOp = new("aten::fft_fft");
        private static readonly Operator fftIfftOp = new("aten::fft_ifft");
        private static readonly Operator fftRfftOp = new("aten::fft_rfft");
        private static readonly Operator fftIrfftOp = new("aten::fft_irfft");
        private static readonly Operator fftHfftOp = new("aten::fft_hfft");
        private static readonly Operator fftIhfftOp = new("aten::fft_ihfft");
        private static readonly Operator fftFftnOp = new("aten::fft_fftn");
        private static readonly Operator fftIfftnOp = new("aten::fft_ifftn");
        private static readonly Operator fftRfftnOp = new("aten::fft_rfftn");
        private static readonly Operator fftIrfftnOp = new("aten::fft_irfftn");
        private static readonly Operator fftFftshiftOp = new("aten::fft_fftshift");
        private static readonly Operator fftIfftshiftOp = new("aten::fft_ifftshift");

        /// <summary>The transform along a dimension.</summary>
        public static Tensor fft_(Tensor input, long n = -1, long dim = -1, FFTNormType norm = FFTNormType.Backward) =>
            fftFftOp.Call(input, Size(n), dim, Name(norm));

        /// <summary>The inverse transform along a dimension.</summary>
        public static Tensor ifft(Tensor input, long n = -1, long dim = -1, FFTNormType norm = FFTNormType.Backward) =>
            fftIfftOp.Call(input, Size(n), dim, Name(norm));

        /// <summary>The transform of real numbers along a dimension; the upper half is left out.</summary>
        public static Tensor rfft(Tensor input, long n = -1, long dim = -1, FFTNormType norm = FFTNormType.Backward) =>
            fftRfftOp.Call(input, Size(n), dim, Name(norm));

        /// <summary>The inverse of <see cref="rfft"/>; the result is real.</summary>
        public static Tensor irfft(Tensor input, long n = -1, long dim = -1, FFTNormType norm = FFTNormType.Backward) =>
            fftIrfftOp.Call(input, Size(n), dim, Name(norm));

        /// <summary>The transform of a Hermitian signal given by its half.</summary>
        public static Tensor hfft(Tensor input, long n = -1, long dim = -1, FFTNormType norm = FFTNormType.Backward) =>
            fftHfftOp.Call(input, Size(n), dim, Name(norm));

        /// <summary>The inverse of <see cref="hfft"/>.</summary>
        public static Tensor ihfft(Tensor input, long n = -1, long dim = -1, FFTNormType norm = FFTNormType.Backward) =>
            fftIhfftOp.Call(input, Size(n), dim, Name(norm));

        /// <summary>The transform along several dimensions.</summary>
        public static Tensor fftn(Tensor input, long[] s = null!, long[] dim = null!, FFTNormType norm = FFTNormType.Backward) =>
            fftFftnOp.Call(input, s, dim, Name(norm));

        /// <summary>The inverse transform along several dimensions.</summary>
        public static Tensor ifftn(Tensor input, long[] s = null!, long[] dim = null!, FFTNormType norm = FFTNormType.Backward) =>
            fftIfftnOp.Call(input, s, dim, Name(norm));

        /// <summary>The transform of real numbers along several dimensions.</summary>
        public static Tensor rfftn(Tensor input, long[] s = null!, long[] dim = null!, FFTNormType norm = FFTNormType.Backward) =>
            fftRfftnOp.Call(input, s, dim, Name(norm));

        /// <summary>The inverse of <see cref="rfftn"/>.</summary>
        public static Tensor irfftn(Tensor input, long[] s = null!, long[] dim = null!, FFTNormType norm = FFTNormType.Backward) =>
            fftIrfftnOp.Call(input, s, dim, Name(norm));

        /// <summary>The frequencies of a transform's bins.</summary>
        public static Tensor fftfreq(long n, double d = 1, ScalarType? dtype = null, Device device = null!, bool requires_grad = false) =>
            Leaf(fftFftfreqOp.Call(n, d, dtype, Arg.None, device), requires_grad);

        /// <summary>The frequencies of the bins of <see cref="rfft"/>.</summary>
        public static Tensor rfftfreq(long n, double d = 1, ScalarType? dtype = null, Device device = null!, bool requires_grad = false) =>
            Leaf(fftRfftfreqOp.Call(n, d, dtype, Arg.None, device), requires_grad);

        /// <summary>The zero frequency moved to the middle.</summary>
        public static Tensor fftshift(Tensor input, long[] dim = null!) => fftFftshiftOp.Call(input, dim);

        /// <summary>The inverse of <see cref="fftshift"/>.</summary>
        public static Tensor ifftshift(Tensor input, long[] dim = null!) => fftIfftshiftOp.Call(input, dim);

        private static Arg Size(long n) => n < 0 ? Arg.None : n;

        private static string Name(FFTNormType norm) => norm switch { FFTNormType.Forward => "forward", FFTNormType.Ortho => "ortho", _ => "backward" };
    }
}
