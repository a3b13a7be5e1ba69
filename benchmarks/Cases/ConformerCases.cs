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
        var lengths = tensor(new[] { 1f, 0.9f, 0.8f, 0.7f }, device: device).narrow(0, 0, batch);
        encoder.to(device);
        encoder.train(train);
        return (train ? Step : Infer, new Owner(encoder, owner));

        void Step()
        {
            using var step = NewDisposeScope();
            encoder.zero_grad();
            encoder.Encode(source, lengths).sum().backward();
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
