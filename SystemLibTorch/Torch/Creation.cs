using System.Runtime.InteropServices;
using SystemLibTorch.Native;

namespace TorchSharp;

public static partial class torch
{
    private static readonly Operator emptyOp = new("aten::empty", "memory_format");
    private static readonly Operator emptyStridedOp = new("aten::empty_strided");
    private static readonly Operator emptyLikeOp = new("aten::empty_like");
    private static readonly Operator zerosOp = new("aten::zeros");
    private static readonly Operator zerosLikeOp = new("aten::zeros_like");
    private static readonly Operator onesOp = new("aten::ones");
    private static readonly Operator onesLikeOp = new("aten::ones_like");
    private static readonly Operator fullOp = new("aten::full");
    private static readonly Operator fullLikeOp = new("aten::full_like");
    private static readonly Operator arangeOp = new("aten::arange", "start_step");
    private static readonly Operator linspaceOp = new("aten::linspace");
    private static readonly Operator eyeOp = new("aten::eye", "m");

    // The schemas end alike: dtype, layout, device, pin_memory.
    private static Tensor Leaf(Tensor made, bool requires_grad) => requires_grad ? made.requires_grad_() : made;

    /// <summary>A tensor of unset elements.</summary>
    public static Tensor empty(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Leaf(emptyOp.Call(size, dtype, Arg.None, device), requires_grad);

    /// <summary>A tensor of unset elements with given strides.</summary>
    public static Tensor empty_strided(
        long[] size, long[] strides, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Leaf(emptyStridedOp.Call(size, strides, dtype, Arg.None, device), requires_grad);

    /// <summary>A tensor of unset elements, shaped like another.</summary>
    public static Tensor empty_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Leaf(emptyLikeOp.Call(input, dtype, Arg.None, device), requires_grad);

    /// <summary>A tensor of zeros.</summary>
    public static Tensor zeros(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Leaf(zerosOp.Call(size, dtype, Arg.None, device), requires_grad);

    /// <summary>A tensor of zeros, shaped like another.</summary>
    public static Tensor zeros_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Leaf(zerosLikeOp.Call(input, dtype, Arg.None, device), requires_grad);

    /// <summary>A tensor of ones.</summary>
    public static Tensor ones(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Leaf(onesOp.Call(size, dtype, Arg.None, device), requires_grad);

    /// <summary>A tensor of ones, shaped like another.</summary>
    public static Tensor ones_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Leaf(onesLikeOp.Call(input, dtype, Arg.None, device), requires_grad);

    /// <summary>A tensor of one repeated number.</summary>
    public static Tensor full(long[] size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Leaf(fullOp.Call(size, value, dtype, Arg.None, device), requires_grad);

    /// <summary>A tensor of one repeated number, shaped like another.</summary>
    public static Tensor full_like(
        Tensor input, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Leaf(fullLikeOp.Call(input, value, dtype, Arg.None, device), requires_grad);

    /// <summary>The numbers 0, 1, ... below a stop.</summary>
    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(0L, stop, 1L, dtype, device, requires_grad);

    /// <summary>The numbers from a start, by one, below a stop.</summary>
    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(start, stop, 1L, dtype, device, requires_grad);

    /// <summary>The numbers from a start, by a step, below a stop.</summary>
    public static Tensor arange(Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Leaf(arangeOp.Call(start, stop, step, dtype, Arg.None, device), requires_grad);

    /// <summary>Numbers at equal distances, both ends included.</summary>
    public static Tensor linspace(double start, double end, long steps, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Leaf(linspaceOp.Call(start, end, steps, dtype, Arg.None, device), requires_grad);

    /// <summary>Ones on the diagonal, zeros elsewhere.</summary>
    public static Tensor eye(
        long rows, long columns = -1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Leaf(eyeOp.Call(rows, columns < 0 ? rows : columns, dtype, Arg.None, device), requires_grad);
}
