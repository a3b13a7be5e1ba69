using SpeechBrain.Sharp.Conformer;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechBrain.Sharp.Benchmarks.Cases;

/// <summary>
/// Conformer encoders behind the linear layer that reads the front end's frames (25 a second, 640 features), on batches of unequal lengths: a pass
/// without gradients, and a training step with dropout up to the gradients of all weights.
/// </summary>
internal static class ConformerCases
{
    public static IEnumerable<BenchmarkCase> All(Device device)
    {
        foreach (bool train in new[] { false, true })
        {
            yield return Case("d144-L4-RelPosMHAXL/B4x12s", train, () => Small(device, train));
            var large = Case("d512-L12-RoPEMHA/B2x8s", train, () => Large(device, train));
            yield return large with { Extra = "SpeechBrain's attention: torch's own, or before torch 2 a plain one" };
        }
    }

    /// <summary>
    /// The encoder of SpeechBrain's recipe beside one written in PyTorch alone: passes and training steps, in float32 and with products in bfloat16
    /// (there: under autocast). On a CPU a small one.
    /// </summary>
    public static IEnumerable<BenchmarkCase> OnGpu(Device device)
    {
        (string, long, long, long, long, (long, long)[]) size = device.type == DeviceType.CUDA
            ? ("d512-L12-RoPEMHA", 512, 8, 12, 2048, [(16, 15), (4, 30)])
            : ("d144-L4-RoPEMHA", 144, 4, 4, 576, [(2, 4)]);
        var (name, dModel, heads, layers, dFfn, sets) = size;
        foreach (var (batch, seconds) in sets)
            foreach (bool train in new[] { false, true })
                foreach (ScalarType? products in new ScalarType?[] { null, ScalarType.BFloat16 })
                {
                    string variant = $"{(train ? "train" : "infer")}/{(products is null ? "float32" : "bfloat16")}";
                    yield return new BenchmarkCase(
                        $"conformer/{name}/B{batch}x{seconds}s/{variant}", "python-torch",
                        () => Run(batch, seconds, Encoder().ComputeIn(products), device, train), products is null ? "" : "the peer's under autocast");
                }

        TransformerASR Encoder() => new(640, dModel, heads, layers, dFfn, attentionType: AttentionType.RoPEMHA);
    }

    /// <summary>A pass of the small encoder over 4 x 12 s.</summary>
    public static (Action Body, IDisposable Owner) Inference(Device device) => Small(device, train: false);

    private static (Action Body, IDisposable Owner) Small(Device device, bool train) =>
        Run(4, 12, new(640, 144, 4, 4, 576, attentionType: AttentionType.RelPosMHAXL), device, train);

    private static (Action Body, IDisposable Owner) Large(Device device, bool train) =>
        Run(2, 8, new(640, 512, 8, 12, 2048, attentionType: AttentionType.RoPEMHA), device, train);

    private static BenchmarkCase Case(string size, bool train, Func<(Action Body, IDisposable Owner)> prepare) =>
        new($"conformer/{size}/{(train ? "train" : "infer")}", "speechbrain", prepare);

    private static (Action Body, IDisposable Owner) Run(long batch, long seconds, TransformerASR encoder, Device device, bool train)
    {
        var owner = NewDisposeScope();
        var source = randn(batch, 25 * seconds, 640, device: device);
        var lengths = linspace(1, 0.7, batch, device: device); // of unequal lengths: from full down to 0.7
        encoder.to(device);
        encoder.train(train);
        return (train ? Step : Infer, new Owner(encoder, owner));

        void Step()
        {
            using var step = NewDisposeScope();
            encoder.zero_grad();
            encoder.Encode(source, lengths).to(ScalarType.Float32).sum().backward();
        }

        void Infer()
        {
            using var gradients = no_grad();
            encoder.Encode(source, lengths).Dispose();
        }
    }

    private sealed record Owner(IDisposable Module, IDisposable Tensors) : IDisposable
    {
        public void Dispose()
        {
            Module.Dispose();
            Tensors.Dispose();
        }
    }
}
