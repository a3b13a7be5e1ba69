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
    public static IEnumerable<BenchmarkCase> All()
    {
        foreach (bool train in new[] { false, true })
        {
            yield return Case("d144-L4-RelPosMHAXL/B4x12s", train, 4, 12, () => Encoder(4, 144, 4, 576, AttentionType.RelPosMHAXL));
            yield return Case("d512-L12-RoPEMHA/B2x8s", train, 2, 8, () => Encoder(12, 512, 8, 2048, AttentionType.RoPEMHA))
                with { Extra = "SpeechBrain on a plain attention where torch has none" };
        }
    }

    private static TransformerASR Encoder(long layers, long dModel, long heads, long dFfn, AttentionType type) =>
        new(640, dModel, heads, layers, dFfn, dropout: 0.1, attentionType: type);

    private static BenchmarkCase Case(string size, bool train, long batch, long seconds, Func<TransformerASR> make) =>
        new($"conformer/{size}/{(train ? "train" : "infer")}", "speechbrain", () =>
        {
            var owner = NewDisposeScope();
            var encoder = make();
            var source = randn(batch, 25 * seconds, 640);
            var lengths = tensor(new[] { 1f, 0.9f, 0.8f, 0.7f }).narrow(0, 0, batch);
            encoder.train(train);
            return (train ? Step : Infer, owner);

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
        });
}
