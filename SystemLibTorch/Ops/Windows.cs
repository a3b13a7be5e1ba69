using SystemLibTorch.Native;

namespace TorchSharp;

public static partial class torch
{
    private static readonly Operator hannWindowPeriodic = new("aten::hann_window", "periodic");
    private static readonly Operator hammingWindowPeriodicAlphaBeta = new("aten::hamming_window", "periodic_alpha_beta");
    private static readonly Operator blackmanWindowPeriodic = new("aten::blackman_window", "periodic");
    private static readonly Operator bartlettWindowPeriodic = new("aten::bartlett_window", "periodic");
    private static readonly Operator kaiserWindowBeta = new("aten::kaiser_window", "beta");

    /// <summary>Hann's window.</summary>
    public static Tensor hann_window(long len, bool periodic = true, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Leaf(hannWindowPeriodic.Call(len, periodic, dtype, Arg.None, device), requires_grad);

    /// <summary>Hamming's window.</summary>
    public static Tensor hamming_window(
        long len, bool periodic = true, float alpha = 0.54f, float beta = 0.46f, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false) =>
        Leaf(hammingWindowPeriodicAlphaBeta.Call(len, periodic, alpha, beta, dtype, Arg.None, device), requires_grad);

    /// <summary>Blackman's window.</summary>
    public static Tensor blackman_window(long len, bool periodic = true, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Leaf(blackmanWindowPeriodic.Call(len, periodic, dtype, Arg.None, device), requires_grad);

    /// <summary>Bartlett's window.</summary>
    public static Tensor bartlett_window(long len, bool periodic = true, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Leaf(bartlettWindowPeriodic.Call(len, periodic, dtype, Arg.None, device), requires_grad);

    /// <summary>Kaiser's window.</summary>
    public static Tensor kaiser_window(
        long len, bool periodic = true, float beta = 12, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Leaf(kaiserWindowBeta.Call(len, periodic, beta, dtype, Arg.None, device), requires_grad);
}
