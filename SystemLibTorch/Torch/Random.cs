using SystemLibTorch.Native;

namespace TorchSharp;

public static partial class torch
{
    private static readonly Operator randOp = new("aten::rand", "generator");
    private static readonly Operator randnOp = new("aten::randn", "generator");
    private static readonly Operator randintOp = new("aten::randint", "low_generator");
    private static readonly Operator randpermOp = new("aten::randperm", "generator");
    private static readonly Operator randLikeOp = new("aten::rand_like");
    private static readonly Operator randnLikeOp = new("aten::randn_like");

    /// <summary>Numbers drawn uniformly from [0, 1).</summary>
    public static Tensor rand(
        long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Leaf(randOp.Call(size, generator, dtype, Arg.None, device), requires_grad);

    /// <summary>Numbers drawn from the standard normal distribution.</summary>
    public static Tensor randn(
        long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Leaf(randnOp.Call(size, generator, dtype, Arg.None, device), requires_grad);

    /// <summary>Integers drawn uniformly from 0 to <paramref name="high"/> - 1.</summary>
    public static Tensor randint(
        long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randint(0, high, size, dtype, device, requires_grad, generator);

    /// <summary>Integers drawn uniformly from <paramref name="low"/> to <paramref name="high"/> - 1.</summary>
    public static Tensor randint(
        long low, long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null,
        string[]? names = null) => Leaf(randintOp.Call(low, high, size, generator, dtype ?? ScalarType.Int64, Arg.None, device), requires_grad);

    /// <summary>The numbers 0 to n - 1 in random order.</summary>
    public static Tensor randperm(long n, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        Leaf(randpermOp.Call(n, generator, dtype ?? ScalarType.Int64, Arg.None, device), requires_grad);

    /// <summary>Numbers drawn uniformly from [0, 1), shaped like another tensor.</summary>
    public static Tensor rand_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Leaf(randLikeOp.Call(input, dtype, Arg.None, device), requires_grad);

    /// <summary>Numbers drawn from the standard normal distribution, shaped like another tensor.</summary>
    public static Tensor randn_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Leaf(randnLikeOp.Call(input, dtype, Arg.None, device), requires_grad);
}
