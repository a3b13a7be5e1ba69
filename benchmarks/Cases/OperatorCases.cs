using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Benchmarks.Cases;

/// <summary>What one small call costs: the floor of any code that issues many. The peer is Python on a libtorch of the same version.</summary>
internal static class OperatorCases
{
    public static IEnumerable<BenchmarkCase> All()
    {
        yield return Pair("op/add-4", (a, b) => a.add(b).Dispose());
        yield return Pair("op/mul-inplace-4", (a, b) => a.mul_(b));
        yield return Pair("op/add-scalar-4", (a, _) => (a + 1.0f).Dispose());
        yield return Pair("op/slice-4", (a, _) => a[1..3].Dispose());
        yield return Pair("op/shape-3d", (a, b) => _ = a.shape, [2, 3, 4]);
        yield return Pair("op/sum-item-4", (a, b) =>
        {
            using var sum = a.sum();
            _ = sum.item<float>();
        });
        yield return Linear("op/linear-4x4-nograd", (layer, x) =>
        {
            using (no_grad()) layer.call(x).Dispose();
        });
        yield return Linear("op/linear-4x4-backward", (layer, x) =>
        {
            layer.zero_grad();
            using var scope = NewDisposeScope();
            layer.call(x).sum().backward();
        });
        yield return new BenchmarkCase("op/adamw-50x16", "python-torch", () =>
        {
            var owner = NewDisposeScope();
            var weights = Enumerable.Range(0, 50).Select(_ => nn.Parameter(randn(16))).ToArray();
            foreach (var weight in weights) weight.grad = randn(16);
            var optimizer = optim.AdamW(weights, lr: 1e-3);
            return (() => optimizer.step(), owner);
        });
    }

    private static BenchmarkCase Pair(string name, Action<Tensor, Tensor> body, long[]? size = null) => new(name, "python-torch", () =>
    {
        var owner = NewDisposeScope();
        Tensor a = randn(size ?? [4]), b = ones(size ?? [4]);
        return (() => body(a, b), owner);
    });

    private static BenchmarkCase Linear(string name, Action<TorchSharp.Modules.Linear, Tensor> body) => new(name, "python-torch", () =>
    {
        var owner = NewDisposeScope();
        var layer = nn.Linear(4, 4);
        var x = randn(1, 4);
        return (() => body(layer, x), owner);
    });
}
