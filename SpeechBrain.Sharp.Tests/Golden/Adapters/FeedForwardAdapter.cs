using SpeechBrain.Sharp.Conformer;
using TorchSharp;

namespace SpeechBrain.Sharp.Tests.Golden.Adapters;

/// <summary><c>PositionalwiseFeedForward</c> and <c>NormalizedEmbedding</c>.</summary>
public sealed class FeedForwardAdapter : IGoldenAdapter
{
    public bool Handles(GoldenCaseInfo info) => info.Module == "PositionalwiseFeedForward, NormalizedEmbedding";

    public void Run(GoldenCase c, GoldenCheck check)
    {
        c.Constructor.Expect("activation", "GELU (erf)");
        var x = c.Input("x");
        using var feedForward = new PositionalwiseFeedForward(c.Constructor.Long("d_ffn"), x.size(2), activation: Activation.GELU);
        c.LoadWeights(feedForward, "ffn_module.");
        feedForward.to(c.Device);
        feedForward.eval();
        check.Output("out.ffn", feedForward.call(x));

        long[] shape = c.Recorded("w.embedding.emb.Embedding.weight").shape;
        using var embedding = new NormalizedEmbedding(shape[1], shape[0]);
        c.LoadWeights(embedding, "embedding.");
        embedding.to(c.Device);
        check.Output("out.emb", embedding.call(c.Input("ids")));
    }
}
